"""Addresses of the public pages."""

from django.urls import path

from kliento.interfaces.public import card, log, views

app_name = "public"
urlpatterns = [
    path("", views.start, name="start"),
    path("register-description", views.notice, name="notice"),
    path("register-description.json", views.notice_json, name="notice_json"),
    path("register-description/versions", views.versions, name="versions"),
    path("register-description/versions/<str:version>", views.version, name="version"),
    path(".well-known/kliento-receipts.json", views.receipt_key, name="receipt_key"),
    path("record-of-processing", views.record, name="record"),
    path("record-of-processing.json", views.record_json, name="record_json"),
    path("record-of-processing.pdf", views.record_pdf, name="record_pdf"),
    path("terms", views.terms, name="terms"),
    path("card/", card.card, name="card"),
    path("help", views.help_page, name="help"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/key", log.key, name="log_key"),
    path("log/verify.py", log.verifier, name="log_verifier"),
    path("log/alarm", log.alarm, name="log_alarm"),
    path("log/<slug:epoch>/consistency/<int:old>/<int:new>", log.consistency, name="log_consistency"),
    path("accessibility", views.accessibility, name="accessibility"),
]

"""Addresses of the public pages."""

from django.urls import path

from kliento.interfaces.public import card, views

app_name = "public"
urlpatterns = [
    path("", views.start, name="start"),
    path("register-description", views.notice, name="notice"),
    path("register-description.json", views.notice_json, name="notice_json"),
    path("terms", views.terms, name="terms"),
    path("card/", card.card, name="card"),
    path("help", views.help_page, name="help"),
    path("accessibility", views.accessibility, name="accessibility"),
]

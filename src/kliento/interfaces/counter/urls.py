"""Addresses of the counter."""

from django.urls import URLPattern, path

from kliento.interfaces.counter.views import handing_in, installing, pairing, questions, rewards, scanning, settings

app_name = "counter"
urlpatterns: list[URLPattern] = [
    path("", scanning.till, name="till"),
    path("pair", pairing.pair, name="pair"),
    path("scans", handing_in.scans, name="scans"),
    path("state", handing_in.state, name="state"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("shell", installing.shell, name="shell"),
    path("settings", settings.settings, name="settings"),
    path("redeem", rewards.redeem, name="redeem"),
    path("undo", rewards.undo, name="undo"),
    path("ask", questions.ask, name="ask"),
    path("questions", questions.questions, name="questions"),
    path("questions/<uuid:question_id>", questions.question, name="question"),
]

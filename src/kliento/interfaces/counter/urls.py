"""Addresses of the counter."""

from django.urls import URLPattern, path

from kliento.interfaces.counter.views import claiming, pairing, questions, rewards, scanning, settings

app_name = "counter"
urlpatterns: list[URLPattern] = [
    path("", scanning.till, name="till"),
    path("pair", pairing.pair, name="pair"),
    path("settings", settings.settings, name="settings"),
    path("redeem", rewards.redeem, name="redeem"),
    path("undo", rewards.undo, name="undo"),
    path("claim-code", claiming.claim_code, name="claim_code"),
    path("use-card", claiming.use_card, name="use_card"),
    path("ask", questions.ask, name="ask"),
    path("questions", questions.questions, name="questions"),
    path("questions/<uuid:question_id>", questions.question, name="question"),
]

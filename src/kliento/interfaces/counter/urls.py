"""Addresses of the counter."""

from django.urls import URLPattern, path

from kliento.interfaces.counter.views import (
    keypad,
    lists,
    pairing,
    places,
    questions,
    rewards,
    scanning,
    settings,
    shifts,
)

app_name = "counter"
urlpatterns: list[URLPattern] = [
    path("", scanning.till, name="till"),
    path("pair", pairing.pair, name="pair"),
    path("unlock", shifts.unlock, name="unlock"),
    path("shift/end", shifts.end_shift, name="end_shift"),
    path("places", places.places, name="places"),
    path("keypad", keypad.keypad, name="keypad"),
    path("block-list", lists.block_list, name="block_list"),
    path("settings", settings.settings, name="settings"),
    path("redeem", rewards.redeem, name="redeem"),
    path("undo", rewards.undo, name="undo"),
    path("ask", questions.ask, name="ask"),
    path("questions", questions.questions, name="questions"),
    path("questions/<uuid:question_id>", questions.question, name="question"),
]

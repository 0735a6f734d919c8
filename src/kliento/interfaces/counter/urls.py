"""Addresses of the counter."""

from django.urls import URLPattern, path

from kliento.interfaces.counter.views import (
    claiming,
    handing_in,
    installing,
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
    path("scans", handing_in.scans, name="scans"),
    path("state", handing_in.state, name="state"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("shell", installing.shell, name="shell"),
    path("block-list", lists.block_list, name="block_list"),
    path("settings", settings.settings, name="settings"),
    path("redeem", rewards.redeem, name="redeem"),
    path("undo", rewards.undo, name="undo"),
    path("claim-code", claiming.claim_code, name="claim_code"),
    path("use-card", claiming.use_card, name="use_card"),
    path("undo-scan", scanning.undo_scan, name="undo_scan"),
    path("ask", questions.ask, name="ask"),
    path("questions", questions.questions, name="questions"),
    path("questions/<uuid:question_id>", questions.question, name="question"),
]

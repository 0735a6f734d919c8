"""Addresses of the counter."""

from django.urls import URLPattern, path

from kliento.interfaces.counter.views import pairing, scanning, settings

app_name = "counter"
urlpatterns: list[URLPattern] = [
    path("", scanning.till, name="till"),
    path("pair", pairing.pair, name="pair"),
    path("settings", settings.settings, name="settings"),
]

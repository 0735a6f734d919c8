"""Addresses of the counter."""

from django.urls import URLPattern, path

from kliento.interfaces.counter import views

app_name = "counter"
urlpatterns: list[URLPattern] = [
    path("", views.till, name="till"),
    path("pair", views.pair, name="pair"),
]

"""Composition as a Django app: it brings the start-up checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "kliento.config"
    label = "config"

"""Composition as a Django app: it brings the start-up checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """`kliento.config` among Django's apps."""

    name = "kliento.config"
    label = "config"

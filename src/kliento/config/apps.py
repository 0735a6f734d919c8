"""Composition as a Django app: it brings the start-up checks."""

from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """`kliento.config` among Django's apps."""

    name = "kliento.config"
    label = "config"

    def ready(self) -> None:
        """Register the checks; they may import models only now."""
        import_module("kliento.config.checks")

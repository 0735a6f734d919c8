"""Django's configuration of claiming."""

from django.apps import AppConfig


class ClaimingConfig(AppConfig):
    """The app as Django knows it."""

    name = "kliento.domain.claiming"
    label = "claiming"

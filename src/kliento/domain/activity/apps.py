"""Django's."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """The log."""

    name = "kliento.domain.activity"
    label = "activity"

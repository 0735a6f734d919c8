"""Django's configuration of visits."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The app as Django knows it."""

    name = "kliento.domain.visits"
    label = "visits"

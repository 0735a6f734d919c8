"""Django's."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Dispatch."""

    name = "kliento.domain.dispatch"
    label = "dispatch"

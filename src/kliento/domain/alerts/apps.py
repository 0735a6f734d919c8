"""Django's."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Alerts."""

    name = "kliento.domain.alerts"
    label = "alerts"

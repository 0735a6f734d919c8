"""Django's."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The outbox."""

    name = "kliento.domain.outbox"
    label = "outbox"

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "kliento.domain.outbox"
    label = "outbox"

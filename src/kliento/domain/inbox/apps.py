"""Django's."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Messages in the service."""

    name = "kliento.domain.inbox"
    label = "inbox"

"""Django's configuration of recipients."""

from django.apps import AppConfig


class RecipientsConfig(AppConfig):
    """The app as Django knows it."""

    name = "kliento.domain.recipients"
    label = "recipients"

from django.apps import AppConfig


class RecipientsConfig(AppConfig):
    name = "kliento.domain.recipients"
    label = "recipients"

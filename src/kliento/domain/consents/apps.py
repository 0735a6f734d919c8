from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "kliento.domain.consents"
    label = "consents"

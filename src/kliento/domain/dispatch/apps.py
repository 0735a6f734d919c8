from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "kliento.domain.dispatch"
    label = "dispatch"

from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "kliento.domain.gate"
    label = "gate"

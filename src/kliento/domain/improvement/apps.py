from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "kliento.domain.improvement"
    label = "improvement"

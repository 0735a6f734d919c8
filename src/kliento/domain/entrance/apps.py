from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "kliento.domain.entrance"
    label = "entrance"

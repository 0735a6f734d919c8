from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "kliento.domain.sharing"
    label = "sharing"

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "kliento.domain.rights"
    label = "rights"

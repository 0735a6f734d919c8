from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "kliento.domain.programmes"
    label = "programmes"

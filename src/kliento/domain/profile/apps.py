from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "kliento.domain.profile"
    label = "profile"

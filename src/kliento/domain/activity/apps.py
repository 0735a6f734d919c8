from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "kliento.domain.activity"
    label = "activity"

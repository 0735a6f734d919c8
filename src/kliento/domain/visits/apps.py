from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "kliento.domain.visits"
    label = "visits"

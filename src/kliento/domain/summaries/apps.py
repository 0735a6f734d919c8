from django.apps import AppConfig


class SummariesConfig(AppConfig):
    name = "kliento.domain.summaries"
    label = "summaries"

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kliento.domain.people"
    label = "people"

from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "kliento.domain.cards"
    label = "cards"

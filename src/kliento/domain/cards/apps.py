"""Django's configuration of cards."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """The app as Django knows it."""

    name = "kliento.domain.cards"
    label = "cards"

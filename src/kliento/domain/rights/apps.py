"""Django's."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """The rights."""

    name = "kliento.domain.rights"
    label = "rights"

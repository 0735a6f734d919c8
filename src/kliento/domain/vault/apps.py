"""Django's."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """The vault."""

    name = "kliento.domain.vault"
    label = "vault"

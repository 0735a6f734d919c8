from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "kliento.domain.vault"
    label = "vault"

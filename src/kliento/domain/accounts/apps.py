from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kliento.domain.accounts"
    label = "accounts"

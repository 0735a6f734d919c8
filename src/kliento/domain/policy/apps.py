"""The package as a Django app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Has no tables: the declaration is a file."""

    name = "kliento.domain.policy"
    label = "policy"

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "kliento.domain.policy"
    label = "policy"

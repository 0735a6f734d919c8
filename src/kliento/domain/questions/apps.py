from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "kliento.domain.questions"
    label = "questions"

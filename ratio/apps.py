from django.apps import AppConfig


class RatioConfig(AppConfig):
    name = "ratio"

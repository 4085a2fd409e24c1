from django.apps import AppConfig


class RatioConfig(AppConfig):
    name = "ratio"

    def ready(self) -> None:
        from ratio import digests, kinds

        kinds.register_kinds()
        digests.register_kinds()

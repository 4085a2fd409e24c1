from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Register the one kind that no room above owns."""
        from notifications import trial

        trial.register_kinds()

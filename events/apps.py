from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """Say what hangs on a contact here."""
        from events import relations

        relations.register()

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """Say what hangs on a contact here, and what is said of it in the morning."""
        from events import asking, relations, reminders

        relations.register()
        asking.register_kinds()
        reminders.register_kinds()

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        """Say what hangs on a contact here, and what is said of posts in the morning."""
        from outreach import relations, reminders
        from outreach.launches import telling

        relations.register()
        reminders.register_kinds()
        telling.register_kinds()

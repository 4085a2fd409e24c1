from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        """Say what hangs on a contact here."""
        from outreach import relations

        relations.register()

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        """Say what hangs on a contact here."""
        from contacts import relations

        relations.register()

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        """Say what hangs on a contact and what is said of it in the morning; see to SQLite's search index after each migration."""
        from contacts import privacy_reminders, relations, reminders, telling
        from contacts.imports import stores

        relations.register()
        stores.register()
        telling.register_kinds()
        reminders.register_kinds()
        privacy_reminders.register_kind()
        post_migrate.connect(_index, sender=self, dispatch_uid="contacts.search")


def _index(using: str, **_details: Any) -> None:
    from contacts import search

    search.install(using)

"""SQLite's search index was tied to a view of the contacts, which stood in the way of rebuilding their table.

It goes; `contacts.search.install` makes the new one after the migrations.
"""

from typing import Any

from django.db import migrations, models

DROP = [
    "DROP TRIGGER IF EXISTS contacts_search_insert",
    "DROP TRIGGER IF EXISTS contacts_search_update",
    "DROP TRIGGER IF EXISTS contacts_search_delete",
    "DROP TABLE IF EXISTS contacts_search",
    "DROP VIEW IF EXISTS contacts_search_text",
]


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in DROP:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_finding")]
    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["team", "owner", "last_met_at"], name="contact_of_owner"),
        ),
    ]

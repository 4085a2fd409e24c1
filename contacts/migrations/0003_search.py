"""Indexes of the search, on PostgreSQL only: SQLite reads the keys, which is fast enough (see contacts.search)."""

from typing import Any

from django.db import migrations

CREATE = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX contact_search_trigram ON contacts_contact USING gin (search_key gin_trgm_ops)",
    # LIKE 'm%' needs an operator class that compares bytes, whatever the database's collation is.
    "CREATE INDEX contact_sort_prefix ON contacts_contact (team_id, sort_key varchar_pattern_ops)",
    # "Last met" with those never met at the far end, both ways; SQLite's own order of nulls is that already.
    "CREATE INDEX contact_met_order ON contacts_contact (team_id, last_met_at DESC NULLS LAST, id DESC)",
]
DROP = [f"DROP INDEX contact_{name}" for name in ("search_trigram", "sort_prefix", "met_order")]


def _run(statements: list[str]) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_shipped_kinds")]
    operations = [migrations.RunPython(_run(CREATE), _run(DROP))]

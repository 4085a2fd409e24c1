"""How each database is spoken to: what differs between them, as far as it is a matter of settings."""

from typing import Any

SQLITE = {
    # Writers queue instead of failing; reads open no transaction, so they never wait (ATOMIC_REQUESTS is off).
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
POSTGRESQL = {
    "pool": {"min_size": 1, "max_size": 8},
    # Pages ask many short questions: compiling one, or starting a second process for it, takes longer than answering it,
    # and a disk of today jumps as fast as it reads on. Moments as text are ISO 8601 whatever the server is set to
    # (pages/calendar_rows.py).
    # Only for psycopg's own cursors (outreach/launches/following.py): Django's put the values in and prepare nothing.
    "prepare_threshold": 5,
    "options": "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 -c datestyle=iso",
}


def tuned(database: dict[str, Any]) -> dict[str, Any]:
    """An entry of DATABASES with the options of ours; on PostgreSQL beside those that its URL carries."""
    if database["ENGINE"].endswith("sqlite3"):
        # Opening the file anew for each request would be a tenth of what a page costs.
        return {**database, "OPTIONS": SQLITE, "CONN_MAX_AGE": 60}
    return {**database, "OPTIONS": {**database.get("OPTIONS", {}), **POSTGRESQL}}

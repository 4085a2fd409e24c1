"""The fault suite: processes are killed in the middle of sending, and what the recipients got is counted.

`make faults` runs it on SQLite and on a PostgreSQL of its own that syncs to disk; `FAULTS=short` for a few of each.
Nothing in the product knows of it: a forked child patches its own memory to die at a named point.
"""

"""Calendars of others: ours written for them, theirs read (RFC 5545)."""

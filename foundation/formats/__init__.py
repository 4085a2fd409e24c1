"""Formats of Django's own filters, where ours differ from what it ships (settings: FORMAT_MODULE_PATH)."""

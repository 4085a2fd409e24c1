"""Launches: prepared by meetings, measured by word of mouth."""

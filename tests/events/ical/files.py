"""Calendar files written for a test."""

from datetime import datetime


def calendar(*events: str, head: str = "X-WR-CALNAME:Programme") -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", head, *events, "END:VCALENDAR", ""]).encode()


def event(uid: str = "1", start: str = "TZID=Europe/Paris:20261210T183000", **more: str) -> str:
    """A VEVENT; names with _ for -, a value that begins with ; brings its parameters."""
    fields = {"SUMMARY": "Concert", "DURATION": "PT2H", **more}
    lines = [
        f"{name.replace('_', '-')}{value if value[:1] == ';' else ':' + value}"
        for name, value in fields.items()
    ]
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART;{start}", *lines, "END:VEVENT"])


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")

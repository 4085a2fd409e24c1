"""Local trials have no mail server: an admin reads here what would have left."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import admin_page
from contacts.mentions import Person

SHOWN = 30
BETWEEN = b"-" * 79  # what Django's file backend writes after each message


def is_open() -> bool:
    """Whether mails may be read here: they go to a folder, and it is a trial. In production a letter is its reader's
    own: what it says of somebody's presence is not for admins."""
    return "filebased" in settings.EMAIL_BACKEND and settings.MODE != "production"


def letters(folder: Path, limit: int) -> list[EmailMessage]:
    """The newest messages in Django's file backend's folder, at most `limit`; [] when there is no folder yet."""
    files = sorted(folder.glob("*.log"), reverse=True)[:limit] if folder.is_dir() else []
    parts = [part.strip() for path in files for part in path.read_bytes().split(BETWEEN)]
    return [message_from_bytes(part, policy=policy.default) for part in parts if part][:limit]


def forget(person: Person) -> None:
    """Letters of a trial that name somebody who is erased go."""
    if not is_open():
        return
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):  # type: ignore[misc]  # set through EMAIL_URL
        parts = [part.strip() for part in path.read_bytes().split(BETWEEN) if part.strip()]
        kept = [part for part in parts if not _names(part, person)]
        if len(kept) < len(parts):
            path.write_bytes(b"".join(part + b"\n" + BETWEEN + b"\n" for part in kept))


@admin_page
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The mails kept in the folder; a 404 where there is no mailbox."""
    if not is_open():
        raise Http404
    found = letters(Path(settings.EMAIL_FILE_PATH), SHOWN)  # type: ignore[misc]  # set through EMAIL_URL
    mails = [
        {
            "subject": letter["subject"],
            "to": letter["to"],
            "date": letter["date"].datetime,
            "text": _text(letter),
        }
        for letter in found
    ]
    return render(request, "pages/mailbox.html", {"mails": mails})


def _names(part: bytes, person: Person) -> bool:
    letter = message_from_bytes(part, policy=policy.default)
    return person.mentioned_in(f"{letter['subject']}\n{_text(letter)}", anywhere=True)


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(preferencelist=("plain",))
    return body.get_content() if body else ""

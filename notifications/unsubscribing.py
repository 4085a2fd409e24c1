"""Leaving a digest by one click, without signing in: RFC 2369 and, by POST, RFC 8058."""

from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from notifications import kinds
from notifications.kinds import Kind
from notifications.models import Choice, How

SALT = "notifications.unsubscribing"


def address(person: User, names: Iterable[str]) -> str:
    """Where the person leaves the kinds of these names; the link is the key, and opens nothing else."""
    token = signing.dumps([person.pk, sorted(names)], salt=SALT)
    return settings.PUBLIC_URL + reverse("notifications:unsubscribe", args=[token])


def headers(link: str) -> dict[str, str]:
    """What mail programs draw their button from."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def read(token: str) -> tuple[User, list[Kind]] | None:
    """Whose link it is and what they would leave; None for a link that is not ours, or of somebody gone."""
    try:
        pk, names = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=pk, is_active=True).first()
    known = [kind for kind in kinds.to_choose() if kind.name in names]
    return (person, known) if person and known else None


def leave(person: User, left: Iterable[Kind]) -> None:
    """Not by e-mail any more; in the app they stay."""
    for kind in left:
        Choice.objects.update_or_create(user=person, kind=kind.name, defaults={"how": How.OFF})

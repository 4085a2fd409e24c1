"""What hangs on a contact in this app: invitations and replies (see contacts.references)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts import references
from contacts.mentions import Person
from contacts.references import Rows
from events.models import Attendance, Reply

# The surer word wins: who said once that they come, under whichever of the two names, is expected.
_SURER = [Reply.COMING, Reply.MAYBE, Reply.DECLINED, Reply.INVITED]


def register() -> None:
    """All relations of this app."""
    references.register(
        "events.Attendance.contact",
        words=ngettext_lazy("%(n)d invitation", "%(n)d invitations", "n"),
        title=_("Invitations"),
        clash=lambda row: row.occurrence_id,
        unite=unite,
        export=_invitations,
        signs=_replied,
    )


def unite(kept: Attendance, merged: Attendance) -> None:
    """Two invitations of one person to the same date are one, with the surer reply."""
    kept.reply = min(Reply(kept.reply), Reply(merged.reply), key=_SURER.index)


def _invitations(person: Person) -> Rows:
    rows = Attendance.objects.filter(contact__in=person.contact_ids).select_related("occurrence__kind")
    for row in rows.order_by("occurrence__starts_at", "pk"):
        yield {
            "starts_at": row.occurrence.starts_at,
            "what": str(row.occurrence),
            "place": row.occurrence.place,
            "reply": row.get_reply_display(),
        }


def _replied(since: datetime) -> QuerySet[Attendance, Any]:
    """Who answered an invitation that was made since. The invitation's day stands for the answer's: never later."""
    rows = Attendance.objects.filter(occurrence__created_at__gte=since).exclude(reply=Reply.INVITED)
    return rows.values("contact")

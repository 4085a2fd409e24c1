"""What hangs on a contact in this app: approaches of launches, links, and who people say they heard it from."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts import references
from contacts.mentions import Person
from contacts.models import Contact
from contacts.references import Rows
from outreach import uploads
from outreach.models import Approach, Relay, Told


def register() -> None:
    """All relations of this app."""
    references.register(
        "outreach.Approach.contact",
        words=ngettext_lazy("%(n)d launch", "%(n)d launches", "n"),
        title=_("Launches"),
        clash=lambda row: row.launch_id,
        unite=unite,
        export=_approaches,
    )
    # A code that is printed leads on, whoever it belonged to; two links of one contact may stand side by side.
    references.register(
        "outreach.Relay.contact",
        words=ngettext_lazy("%(n)d short link", "%(n)d short links", "n"),
        title=_("Short links"),
        erase=_unname,
        export=_relays,
    )
    references.register_store("outreach.told", erase=_forget_who_told)
    references.register_store("outreach.uploads", erase=uploads.forget)


def unite(kept: Approach, merged: Approach) -> None:
    """Two approaches to one contact are one: met when either was, the answer that was given, left out only if both."""
    days = [day for day in (kept.met_on, merged.met_on) if day]
    kept.met_on = min(days, default=None)
    if not kept.answer:
        kept.answer, kept.answered_on = merged.answer, merged.answered_on
    kept.manager_id = kept.manager_id or merged.manager_id
    kept.due_on = kept.due_on or merged.due_on
    if merged.binned_at is None:
        kept.binned_at = None


def _approaches(person: Person) -> Rows:
    rows = Approach.objects.filter(contact__in=person.contact_ids).select_related("launch")
    for row in rows.order_by("launch__day", "pk"):
        yield {
            "launch": row.launch.name,
            "day": row.launch.day,
            "met_on": row.met_on,
            "answer": row.get_answer_display(),
        }


def _relays(person: Person) -> Rows:
    rows = Relay.objects.filter(contact__in=person.contact_ids).select_related("launch")
    for row in rows.order_by("pk"):
        yield {"launch": row.launch.name, "code": row.code, "since": row.created_at}


def _unname(person: Person) -> None:
    """The link stays, without a name: its code stands in for it in what is added to the address, too."""
    Relay.objects.filter(contact__in=person.contact_ids).update(contact=None, name=F("code"))


def _forget_who_told(person: Person) -> None:
    """How often an answer was heard stays; a name in it does not."""
    teams = Contact.objects.filter(pk__in=person.contact_ids).values("team")
    for row in Told.objects.filter(launch__team__in=teams):
        if person.mentioned_in(row.words):
            row.words, row.key = person.without(row.words), f"{row.pk} …"
            row.save(update_fields=["words", "key"])

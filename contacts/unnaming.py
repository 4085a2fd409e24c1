"""Touchpoints without somebody who is erased: they were, and with whom is no longer said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import changes
from accounts.models import Change
from contacts.mentions import Person
from contacts.models import Touchpoint


def unname(person: Person) -> None:
    """Somebody is erased: what they were at stays, without them. A note and place of a meeting with them alone go;
    those of a meeting with others lose their name, and only the names of who was there."""
    with transaction.atomic():
        through: Any = Touchpoint.contacts.through
        rows = through.objects.filter(contact__in=person.contact_ids)
        who = {pk: one for one in person.people or (person,) for pk in one.contact_ids}
        left: defaultdict[int, dict[Person, None]] = defaultdict(dict)
        for pk, contact in rows.values_list("touchpoint", "contact"):
            left[pk][who[contact]] = None
        others = through.objects.filter(touchpoint=OuterRef("pk")).exclude(contact__in=person.contact_ids)
        there = Touchpoint.objects.filter(pk__in=rows.values("touchpoint")).annotate(
            has_others=Exists(others)
        )
        touchpoints = {touchpoint.pk: touchpoint for touchpoint in there}
        for touchpoint in touchpoints.values():
            said = _unnamed(
                {"note": touchpoint.note, "place": touchpoint.place}, touchpoint, left[touchpoint.pk]
            )
            touchpoint.note, touchpoint.place = said["note"], said["place"]
        Touchpoint.objects.bulk_update(touchpoints.values(), ["note", "place"], batch_size=200)
        _unname_undo(touchpoints, left)
        rows.delete()


def _unnamed(said: dict[str, Any], touchpoint: Any, people: Iterable[Person]) -> dict[str, Any]:
    """Fields of a touchpoint without those who are erased; `has_others` says whether it is about others too."""
    texts = {name: value for name, value in said.items() if name in ("note", "place")}
    for name, text in texts.items():
        left = reduce(lambda rest, person: person.without(rest), people, text)
        texts[name] = left if touchpoint.has_others else ""
    return {**said, **texts}


def _unname_undo(touchpoints: Mapping[int, Touchpoint], left: Mapping[int, Iterable[Person]]) -> None:
    """What undo keeps of these touchpoints does not name those who left them either."""
    pks = sorted(touchpoints)
    for start in range(0, len(pks), changes.BATCH):
        some = pks[start : start + changes.BATCH]
        for change in Change.objects.filter(model=Touchpoint._meta.label, row__in=some):
            here = touchpoints[change.row]
            before = change.before and _unnamed(change.before, here, left[here.pk])
            after = _unnamed(change.after, here, left[here.pk])
            if (before, after) != (change.before, change.after):
                change.before, change.after = before, after
                change.save(update_fields=["before", "after"])

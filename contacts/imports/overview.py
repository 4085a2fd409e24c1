"""What the pages of an import say: how far it is, how the file was read, what came of it, and what its undo left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.changes import CannotUndo
from accounts.models import UNDO_KEPT, User
from contacts.forms.imports import ENCODING_NAMES, SEPARATORS, ColumnsForm, doubtful
from contacts.imports import checking, packing, writing
from contacts.imports.checking import Check
from contacts.imports.columns import Column, Why
from contacts.imports.errors import Said
from contacts.imports.headersets import known
from contacts.models import Contact, Import, Policy
from contacts.names import fold
from foundation.many import among

if TYPE_CHECKING:
    from django.forms import BoundField

SAMPLES = 3  # values shown of a doubtful column
PREVIEW = 5  # rows
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a worker is. `speak` is a quarter that was not said aloud yet; `said` what the next question passes on."""

    done: int
    total: int
    percent: int
    speak: int | None
    said: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A column on the page: its choice, its first values, whether it is a guess."""

    column: Column
    field: "BoundField"
    samples: list[str]

    @property
    def is_guess(self) -> bool:
        return self.column.why is Why.VALUES


def progress(run: Import, *, said: str | None) -> Progress:
    """Checking passes over the rows twice, saving once before it writes."""
    total = run.found["count"] * (2 if run.step == "check" else 1)
    percent = min(100, 100 * run.progress // total) if total else 0
    quarter = percent // 25 * 25
    before = int(said) if said and said.isdecimal() and len(said) < 4 else -1
    return Progress(min(run.progress, total), total, percent, quarter if quarter > before else None, quarter)


def problem(run: Import) -> str:
    """Why it was given up."""
    return str(Said.of(run.problem)) if run.problem else ""


def columns_page(run: Import, form: ColumnsForm) -> dict[str, Any]:
    """The first rows, the columns to look at and those that are sure."""
    rows = next(packing.unpack(bytes(run.data.table), run.found["chunks"]), [])
    shown = [
        Shown(column, form[f"c{column.index}"], _samples(row.cells[column.index] for row in rows))
        for column in form.found
    ]
    open_ones = {column.index for column in doubtful(form.found)}
    if form.non_field_errors():  # what was objected to may be one that looked sure
        open_ones |= {one.column.index for one in shown if one.field.value()}
    made_by = known([fold(header) for header in run.found["headers"]])
    return {
        "rows": [
            [_cut(cell) for cell in row.cells[: len(run.found["headers"])][:12]] for row in rows[:PREVIEW]
        ],
        "headers": run.found["headers"][:12],
        "more_columns": max(0, len(run.found["headers"]) - 12),
        "doubtful": [one for one in shown if one.column.index in open_ones],
        "sure": [one for one in shown if one.column.index not in open_ones],
        "encoding": ENCODING_NAMES.get(run.found["encoding"], run.found["encoding"]),
        "separator": SEPARATORS.get(run.found["separator"], ""),
        "made_by": made_by.name if made_by else "",
        "findings": [str(Said.of(finding)) for finding in run.found["findings"]],
    }


def check_page(run: Import, check: Check) -> dict[str, Any]:
    """The filters with their counts, the policies, and whether there is anything to import at all."""
    counts = run.counts
    labels = {
        "new": _("New"),
        "known": _("Known already"),
        "again": _("Twice in the file"),
        "likely": _("Likely the same"),
        "to_fix": _("To fix"),
        "left_out": _("Left out"),
    }
    groups = [
        (name, label, counts.get(name, 0))
        for name, label in labels.items()
        if counts.get(name) or name in ("new", "known")
    ]
    if check.remarked:
        groups.append((checking.REMARKED, _("With a remark"), check.remarked))
    new, completed = counts["new"] + counts["likely"], _completed(counts)
    return {
        "groups": groups,
        "new": new,
        "completed": completed,
        "coming": new + completed,
        "all_known": _are_all_known(counts),
        "policies": Policy.choices,
        "earlier": checking.earlier(run),
        "query": f"show={check.show}&",
        "has_form": bool(check.entries),
    }


def result_page(run: Import, now: datetime) -> dict[str, Any]:
    """What came of it, what to do next, and what an undo left."""
    operation = run.operation
    can_undo = operation is not None and operation.undone_at is None and operation.at >= now - UNDO_KEPT
    left = Contact.objects.filter(team=run.team, binned_at=None).in_bulk(run.result.get("left", [])[:200])
    return {
        "result": run.result,
        "counts": run.result.get("counts", {}),
        "completed": completed(run),
        "all_known": _are_all_known(run.result.get("counts", {})),
        "findings": checking.said_of_all(run) if hasattr(run, "data") else [],
        "can_undo": can_undo,
        "undo_until": operation.at + UNDO_KEPT if operation else None,
        "undone": operation.undone_at if operation else None,
        "left": list(left.values()),
        "has_rejected": run.has_rejected,
    }


def completed(run: Import) -> int:
    """How many known contacts an import that is in has completed."""
    return _completed({"updated": run.result.get("updated", 0), **run.result.get("counts", {})})


def _completed(counts: Mapping[str, int]) -> int:
    """Those counted before contacts were, were rows, also of what stands in the file twice."""
    return counts["completed"] if "completed" in counts else counts.get("updated", 0)


def _are_all_known(counts: Mapping[str, int]) -> bool:
    """Whether every row is of somebody known, and nobody stays out for another reason."""
    others = ("new", "likely", "to_fix", "left_out", "held_back")
    return bool(counts.get("known")) and not any(counts.get(name) for name in others)


def take_back(run: Import, *, by: User, now: datetime) -> tuple[int, int]:
    """Undo it, and keep the list of what was left; (how many rows were put back, how many left). Raises CannotUndo."""
    if run.operation is None:
        raise CannotUndo
    with transaction.atomic():
        done = writing.take_back(run.operation, by=by, now=now)
        left = _living(pk for label, pk in done.edited_since if label == Contact._meta.label)
        Import.objects.filter(pk=run.pk).update(
            result={**run.result, "restored": done.restored, "left": left}
        )
    return done.restored, len(left)


def _living(pks: Iterable[int]) -> list[int]:
    """Of these contacts those in the book; in place of one that was merged whom it became part of."""
    edited = Contact.objects.filter(pk__in=among(pks))
    merged = edited.filter(merged_into__isnull=False).values("merged_into")
    found = Contact.objects.filter(Q(pk__in=edited.values("pk")) | Q(pk__in=merged), binned_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True))


def said_of_undo(restored: int, left: int) -> str:
    """The status line after an undo."""
    said = ngettext("Undone: %(n)s contact.", "Undone: %(n)s contacts.", restored) % {
        "n": number_format(restored, force_grouping=True)
    }
    if left:
        more = ngettext(
            "%(n)s was changed or met since, and stays as it is.",
            "%(n)s were changed or met since, and stay as they are.",
            left,
        )
        said = f"{said} {more % {'n': number_format(left, force_grouping=True)}}"
    return said


def sample() -> bytes:
    """A list with odd headers, as Excel opens it."""
    return (
        "Nom du groupe;Commune;CP;Courriel;Tél.;Genre musical\r\n"
        "Les Exemples;Caen;14000;bonjour@exemple.fr;02 31 00 00 00;folk\r\n"
        "La Cale;Rouen;76000;contact@exemple.fr / bar@exemple.fr;;rock\r\n"
        "Brume;Évreux;27000;;06 12 34 56 78;post-punk\r\n"
    ).encode("utf-8-sig")


def _samples(values: Iterable[str]) -> list[str]:
    """The first different values, each cut."""
    found: dict[str, None] = {}
    for value in values:
        if value.strip():
            found[_cut(value)] = None
            if len(found) == SAMPLES:
                break
    return list(found)


def _cut(value: str) -> str:
    plain = " ".join(value.split())
    return plain if len(plain) <= _SHORT else f"{plain[:_SHORT]}…"

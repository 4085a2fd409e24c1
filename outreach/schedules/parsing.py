"""From a table and its mapping to posts: the part that every format has in common."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.imports.reading import Table
from contacts.imports.rows import Rejected, Row
from foundation.inputs import is_reckonable
from outreach.schedules import when, words
from outreach.schedules.base import (
    CANCELLED,
    DRAFT,
    SCHEDULED,
    AmbiguousDateOrder,
    Mapping,
    Schedule,
    ScheduledPost,
)
from outreach.schedules.when import DateOrder, NotADate


def parse(
    table: Table, mapping: Mapping, *, name: str, order: DateOrder | None = None, channels: Iterable[str] = ()
) -> Schedule:
    """The posts of a table. `channels` are those of posts that the file gives none.

    A row without a time is a draft; the same text at the same time on several rows is one post with all their
    channels. Raises `AmbiguousDateOrder` where `order` is needed and not given, or contradicts the file.
    """
    order = _order(table, mapping, order)
    others = tuple(dict.fromkeys(channels))
    read: list[ScheduledPost] = []
    rejected: list[Rejected] = []
    warnings = [str(finding) for finding in table.findings]
    undated: list[int] = []
    for row in table.rows:
        try:
            post, remark = _post(row, mapping, order, others)
        except NotADate as error:
            rejected.append(Rejected(row.line, _("“%(text)s” is not a day and time.") % {"text": error}))
            continue
        if post is None:
            rejected.append(Rejected(row.line, remark))
            continue
        if remark:
            warnings.append(_("Line %(line)d: %(text)s") % {"line": row.line, "text": remark})
        elif post.publish_at is None and post.status == DRAFT:
            undated.append(row.line)
        read.append(post)
    if undated:
        warnings.append(
            ngettext(
                "%(count)d row without a time became a draft (line %(line)d).",
                "%(count)d rows without a time became drafts (the first on line %(line)d).",
                len(undated),
            )
            % {"count": len(undated), "line": undated[0]}
        )
    posts, rows = united(read)
    return Schedule(name, len(table.rows), posts, rows, rejected, warnings)


def _order(table: Table, mapping: Mapping, asked: DateOrder | None) -> DateOrder | None:
    column = mapping.at if mapping.at is not None else mapping.day
    if column is None:
        return asked
    try:
        shown = when.numeric_order(row.cells[column] for row in table.rows)
    except NotADate:
        if asked:
            return asked
        raise AmbiguousDateOrder(
            _("The dates do not show whether day or month comes first, and it is not guessed.")
        ) from None
    if shown and asked and shown is not asked:
        raise AmbiguousDateOrder(_("The dates of the file are not in that order: look at them again."))
    return shown or asked


def _post(
    row: Row, mapping: Mapping, order: DateOrder | None, others: tuple[str, ...]
) -> tuple[ScheduledPost | None, str]:
    """The post of a row, and a remark; None and the reason where there is none."""

    def cell(index: int | None) -> str:
        return row.cells[index].strip() if index is not None else ""

    text = cell(mapping.text) or next((cell(index) for index in mapping.instead if cell(index)), "")
    if not text:
        return None, _("There is nothing to publish in the row.")
    moment, remark = _moment(cell, mapping, order)
    said = cell(mapping.status)
    status = words.state(said) if said else SCHEDULED
    if status is None:
        status = DRAFT
        remark = _("“%(word)s” is not a state we know, so it is a draft.") % {"word": said}
    if words.is_yes(cell(mapping.draft)):
        status = DRAFT
    if moment is None and status not in (DRAFT, CANCELLED):
        if said and status != SCHEDULED:
            return None, _("It is said to be out, but not when.")
        status = DRAFT
    flagged = tuple(name for index, name in mapping.flags.items() if words.is_yes(row.cells[index]))
    channels = flagged or words.channels(cell(mapping.channels)) or others
    return ScheduledPost(text, channels, moment, status, row.line, cell(mapping.external_id)[:200]), remark


def _moment(
    cell: Callable[[int | None], str], mapping: Mapping, order: DateOrder | None
) -> tuple[datetime | None, str]:
    """When the row is to go out; None, and a remark, where it gives a day and no time."""
    if mapping.at is not None:
        moment: date | None = when.read_moment(cell(mapping.at), order) if cell(mapping.at) else None
    else:
        day, hour = cell(mapping.day), cell(mapping.time)
        if day and hour:
            moment = _together(when.read_moment(day, order), hour)
        else:
            moment = when.read_moment(day, order) if day else None
    if isinstance(moment, datetime) and not is_reckonable(moment.date()):
        raise NotADate(moment.isoformat())
    if moment is None or isinstance(moment, datetime):
        return moment, ""
    return None, _("a day (%(day)s) but no time, so it is a draft.") % {"day": moment.isoformat()}


def _together(day: date, hour: str) -> datetime:
    """A day's cell and a time's; spreadsheets write midnight after a day, and 1899 or so before a time."""
    day = day.date() if isinstance(day, datetime) else day
    try:
        moment = when.read_moment(f"{day.isoformat()} {hour}", None)
    except NotADate:
        moment = when.read_moment(hour, None)
        if not isinstance(moment, datetime):
            raise
        return datetime.combine(day, moment.time())
    if not isinstance(moment, datetime):
        raise NotADate(hour)
    return moment


def united(read: Iterable[ScheduledPost]) -> tuple[list[ScheduledPost], list[int]]:
    """The same text at the same time is one post, with the channels of all its rows; and how many rows each had."""
    posts: dict[tuple[str, datetime | None, str], ScheduledPost] = {}
    rows: dict[tuple[str, datetime | None, str], int] = {}
    for post in read:
        key = (" ".join(post.text.split()), post.publish_at, "" if post.publish_at else post.external_id)
        first = posts.get(key)
        posts[key] = (
            replace(first, channels=tuple(dict.fromkeys((*first.channels, *post.channels))))
            if first
            else post
        )
        rows[key] = rows.get(key, 0) + 1
    return list(posts.values()), list(rows.values())

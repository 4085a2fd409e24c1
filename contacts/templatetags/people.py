"""The rows of the contact list. A page has fifty: drawn here, they take a tenth of what template nodes do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from contacts.listing import Line
from foundation import formatting
from foundation.templatetags.icons import icon

register = template.Library()


@register.simple_tag
def contact_rows(
    lines: Iterable[Line], groups: Mapping[int, Sequence[str]], today: date, can_note: object
) -> SafeString:
    """A row for each contact: a box to choose it, who it is and in which groups (names, by its id), kind, town, when
    last met, who looks after it; and where the reader `can_note`, a button for it."""
    language = get_language() or "en"
    words = {
        "pick": pgettext("a contact of a list", "Choose"),
        "draft": _("draft"),
        "kind": pgettext("of a contact", "Kind"),
        "town": _("Town"),
        "met": _("Last met"),
        "never": _("never"),
        "owner": _("Looked after by"),
        "note": _("Note a meeting"),
    }
    words = {key: escape(said) for key, said in words.items()}
    address, _id, end = reverse("contact", args=[0]).rpartition("0")
    note, hand = reverse("log"), icon("handshake")
    rows = []
    for line in lines:
        pk, name = line.pk, escape(line.name)
        met = timezone.localtime(line.last_met_at).date() if line.last_met_at else None
        ago = escape(formatting.ago(met, today, language)) if met else ""
        rows.append(f"<tr>{_who(line, groups.get(pk, ()), ago, f'{address}{pk}{end}', words)}")
        rows += [
            f'<td data-label="{words[label]}">{said}</td>'
            for label, said in (
                ("kind", escape(line.kind)),
                ("town", escape(line.town)),
                ("met", _met(met, ago, language, words)),
                ("owner", escape(line.owner)),
            )
        ]
        if can_note:
            label = f"{words['note']} – {name}"
            rows.append(
                f'<td class="n"><a class="ib" href="{note}?contact={pk}" aria-label="{label}">{hand}</a></td>'
            )
        rows.append("</tr>")
    return mark_safe("".join(rows))


def _who(line: Line, groups: Sequence[str], ago: str, address: str, words: Mapping[str, str]) -> str:
    """The head of a row; on a narrow screen also what the other cells say, on one line."""
    pk, name, org = line.pk, escape(line.name), " org" if line.is_group else ""
    draft = f' <span class="chip off">{words["draft"]}</span>' if line.is_draft else ""
    within = f'<br><span class="meta">{", ".join(map(escape, groups))}</span>' if groups else ""
    meta = " · ".join(filter(None, (escape(line.kind), escape(line.town), ago)))
    return (
        '<th scope="row"><span class="row">'
        f'<input class="form-check-input" type="checkbox" name="pick" value="{pk}" id="pick-{pk}"'
        f' aria-label="{words["pick"]} – {name}">'
        f'<span class="av{org}" aria-hidden="true">{escape(formatting.initials(line.name))}</span>'
        f'<span class="g"><a class="name" href="{address}">{name}</a>{draft}{within}'
        f'<br class="sheet-meta"><span class="meta sheet-meta">{meta}</span></span></span></th>'
    )


def _met(met: date | None, ago: str, language: str, words: Mapping[str, str]) -> str:
    if met is None:
        return f'<span class="meta">{words["never"]}</span>'
    return f'{ago} <span class="meta">{formatting.short_date(met, language)}</span>'

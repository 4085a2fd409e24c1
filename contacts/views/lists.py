"""The list of contacts, the people field's suggestions, the filters that were kept, and the bin."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import InTeamRequest
from accounts.permissions import team_page
from contacts import binning, directory, filters, search
from contacts.forms.bulk import FILES, FilterForm
from contacts.listing import COUNTED, UNSEEN_WEEKS, Filters, choices, listing
from contacts.models import Contact, SavedFilter
from contacts.paging import page_of
from contacts.views.contacts import undo_address
from foundation import clock
from foundation.formatting import initials
from foundation.htmx import respond
from foundation.inputs import row_ids
from foundation.messages import status

PER_PAGE = 50
SHOWN = [
    ("", gettext_lazy("Everybody")),
    ("mine", pgettext_lazy("contacts I look after", "Mine")),
    ("colleagues", gettext_lazy("Colleagues")),
    ("groups", gettext_lazy("Groups")),
    ("alone", gettext_lazy("No group")),
    ("drafts", gettext_lazy("Drafts")),
]
UNSEEN = "8"  # weeks: what the chip asks for


@team_page
@require_safe
def contact_list(request: InTeamRequest) -> HttpResponse:
    """Contacts, fifty a page, by part of a name, kind, tag, owner, and how long not seen."""
    now = clock.now()
    asked = Filters.read(request.GET.dict())
    found = listing(team=request.team, user=request.user, filters=asked, now=now)
    page = found.page(request.GET.get("page"), PER_PAGE)
    count = len(page.object_list) if page.number == 1 and not page.has_next else found.count()
    query = asked.address()
    context = {
        "filters": asked,
        "listing": found,
        "page": page,
        "groups": directory.groups_of(line.pk for line in page.object_list if not line.is_group),
        "shows": [(value, label, asked.address(show=value)) for value, label in SHOWN],
        "unseen_chip": asked.address(unseen="" if asked.unseen else UNSEEN),
        "unseen_weeks": asked.unseen if asked.unseen.isdecimal() else UNSEEN,
        "by_name": asked.address(sort="-name" if asked.sort == "name" else "name"),
        "by_met": asked.address(sort="met" if asked.sort == "-met" else "-met"),
        "count": min(count, COUNTED),
        "more": count > COUNTED,
        "query": f"{query}&" if query else "",
        "address": query,
        "choices": choices(request.team, request.user, asked),
        "weeks": UNSEEN_WEEKS,
        "formats": FILES,
        "token": uuid.uuid4(),
        "today": timezone.localtime(now).date(),
    }
    return respond(request, "contacts/contact_list.html", context, fragment="results")


@team_page
@require_safe
def suggest(request: InTeamRequest) -> JsonResponse:
    """For the people field: the best few contacts for `?q=`, as JSON; of the team that the form is about, `?team=`."""
    asked = request.GET.get("team")
    team = next((team for team in request.teams if str(team.pk) == asked), request.team)
    contacts = Contact.objects.of_team(team)
    found = search.suggest(contacts, request.GET.get("q", "")[:100])
    groups = directory.groups_of(contact.pk for contact in found if not contact.is_group)
    results = [_suggested(contact, groups.get(contact.pk, [])) for contact in found]
    return JsonResponse({"results": results})


@team_page
@require_POST
def filter_new(request: InTeamRequest) -> HttpResponse:
    """Keep the list's filters under a name."""
    form = FilterForm(request.POST)
    if not form.is_valid():
        status(request, next(iter(form.errors.values()))[0], level=messages.ERROR)
        query = Filters.read_text(request.POST.get("query", "")).address()
    else:
        kept = filters.keep(team=request.team, owner=request.user, now=clock.now(), **form.cleaned_data)
        status(request, _("Kept: %(name)s. It stands above the list.") % {"name": kept.name})
        query = kept.query
    return redirect(f"{reverse('contacts:contact_list')}?{query}")


@team_page
@require_POST
def filter_drop(request: InTeamRequest, pk: int) -> HttpResponse:
    """Offer a kept filter no longer; its owner may."""
    own = SavedFilter.objects.visible_to(request.user).filter(owner=request.user).select_related("team")
    kept = get_object_or_404(own, pk=pk)
    operation = filters.drop(kept, by=request.user, now=clock.now())
    status(request, _("Taken off: %(name)s.") % {"name": kept.name}, undo_url=undo_address(operation))
    return redirect("contacts:contact_list")


@team_page
@require_safe
def bin_list(request: InTeamRequest) -> HttpResponse:
    """What was put away in the last thirty days."""
    now = clock.now()
    rows = binning.of_team(request.team, now=now).select_related("kind")
    page = page_of(rows, request.GET.get("page"), PER_PAGE)
    context = {"page": page, "today": timezone.localtime(now).date()}
    return render(request, "contacts/bin.html", context)


@team_page
@require_POST
def bin_restore(request: InTeamRequest) -> HttpResponse:
    """Take contacts out of the bin."""
    back = binning.restore(
        team=request.team,
        contact_ids=list(dict.fromkeys(row_ids(request.POST.getlist("pick")))),
        by=request.user,
        now=clock.now(),
    )
    if back.operation:
        text = ngettext("%(n)d contact is back.", "%(n)d contacts are back.", back.count) % {"n": back.count}
        status(request, text, undo_url=undo_address(back.operation))
    if back.refused:
        text = ngettext(
            "One stays in the bin: that person asked not to be held here.",
            "%(n)d stay in the bin: these people asked not to be held here.",
            back.refused,
        )
        status(request, text % {"n": back.refused}, level=messages.WARNING)
    if not back.operation and not back.refused:
        status(request, _("Choose at least one contact."), level=messages.ERROR)
    return redirect("contacts:bin")


def _suggested(contact: Contact, groups: list[str]) -> dict[str, Any]:
    meta = ", ".join(groups) or contact.town or str(contact.kind)
    return {
        "id": contact.pk,
        "name": contact.name,
        "meta": meta,
        "initials": initials(contact.name),
        "group": contact.is_group,
    }

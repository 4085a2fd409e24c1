"""Likely duplicates, two contacts side by side, and back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import changes
from accounts.http import InTeamRequest, back_to
from accounts.models import Operation
from accounts.permissions import team_page
from accounts.views.undo import say_undone
from contacts import duplicates, merging, search
from contacts.models import Contact, Duplicate, DuplicateSearch
from contacts.paging import page_of
from foundation import clock
from foundation.messages import status

PER_PAGE = 20


@team_page
@require_safe
def duplicate_list(request: InTeamRequest) -> HttpResponse:
    """Pairs that are likely the same, the surest first, each with why."""
    pairs = Duplicate.objects.filter(team=request.team).open().select_related("one__kind", "other__kind")
    pairs = pairs.prefetch_related("one__points", "other__points")
    page = page_of(pairs, request.GET.get("page"), PER_PAGE)
    rows = [
        (pair, merging.in_order(pair.one, pair.other), duplicates.in_words(pair)) for pair in page.object_list
    ]
    looked = DuplicateSearch.objects.filter(team=request.team).first()
    context = {
        "page": page,
        "rows": rows,
        "count": duplicates.count(request.team),
        "kept": duplicates.KEPT,
        "looked_at": looked and looked.looked_at,
    }
    return render(request, "contacts/duplicate_list.html", context)


@team_page
@require_POST
def duplicate_look(request: InTeamRequest) -> HttpResponse:
    """Look through the book now; a large one is left to the next tick."""
    now = clock.now()
    if Contact.objects.of_team(request.team)[: duplicates.AT_ONCE + 1].count() > duplicates.AT_ONCE:
        DuplicateSearch.objects.filter(team=request.team).update(looked_at=None)
        status(
            request, _("The book is large: it is looked through in the background. Come back in a minute.")
        )
        return redirect("contacts:duplicate_list")
    found = duplicates.look(team=request.team, now=now)
    if found is None:
        status(request, _("Somebody is looking already."), level=messages.INFO)
    else:
        told = ngettext("Looked: %(n)d pair is alike.", "Looked: %(n)d pairs are alike.", found)
        status(request, told % {"n": found})
    return redirect("contacts:duplicate_list")


@team_page
@require_POST
def distinct_new(request: InTeamRequest, one: int, other: int) -> HttpResponse:
    """These two are two; remembered."""
    first, second = _both(request, one, other)
    if first == second or first.team_id != second.team_id:
        raise Http404
    duplicates.not_the_same(first, second, by=request.user, now=clock.now())
    names = {"one": first.name, "other": second.name}
    undo = reverse("contacts:distinct_undo", args=[first.pk, second.pk])
    status(request, _("Remembered: %(one)s and %(other)s are two.") % names, undo_url=undo)
    return redirect("contacts:duplicate_list")


@team_page
@require_POST
def distinct_undo(request: InTeamRequest, one: int, other: int) -> HttpResponse:
    """They may be the same after all."""
    if duplicates.maybe_the_same(*_both(request, one, other)):
        status(request, _("Undone."))
    else:
        status(request, _("This was already undone, or is too long ago."), level=messages.WARNING)
    return redirect("contacts:duplicate_list")


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: InTeamRequest, one: int, other: int) -> HttpResponse:
    """Two contacts side by side, and made one."""
    kept, merged = merging.in_order(*_both(request, one, other, gone_to=True))
    if kept == merged:  # merged meanwhile, in another tab or by somebody else
        status(request, _("This is one contact already."), level=messages.INFO)
        return redirect("contact", pk=kept.pk)
    choices = {name: request.POST[name] for name in merging.FIELDS if name in request.POST}
    if request.method != "POST":
        return _merge_page(request, kept, merged, choices)
    try:
        operation = merging.merge(
            kept=kept,
            merged=merged,
            by=request.user,
            now=clock.now(),
            choices=choices,
            seen=request.POST.get("seen", ""),
        )
    except merging.CannotMerge as problem:
        return _merge_page(request, kept, merged, choices, str(problem))
    names = {"kept": Contact.objects.get(pk=kept.pk).name, "merged": merged.name}
    undo = reverse("contacts:merge_undo", args=[operation.pk])
    status(request, _("One contact now: %(kept)s (was also %(merged)s).") % names, undo_url=undo)
    return redirect("contact", pk=kept.pk)


@team_page
@require_POST
def merge_undo(request: InTeamRequest, pk: int) -> HttpResponse:
    """Two again, within thirty days."""
    operations = Operation.objects.touchable_by(request.user).filter(kind=merging.KIND)
    operation = get_object_or_404(operations, pk=pk)
    back = back_to(request, reverse("contacts:contact_list"))
    try:
        done = merging.take_back(operation, by=request.user, now=clock.now())
    except merging.CannotMerge as problem:
        status(request, str(problem), level=messages.WARNING)
    except changes.CannotUndo:
        status(request, _("This was already undone, or is too long ago."), level=messages.WARNING)
    else:
        say_undone(request, done)
    return redirect(back)


@team_page
@require_safe
def same_as(request: InTeamRequest, pk: int) -> HttpResponse:
    """With whom a contact is one: those that are likely, and a search."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("kind"), pk=pk)
    text = request.GET.get("q", "").strip()[:100]
    others = Contact.objects.of_team(contact.team).filter(is_group=contact.is_group).exclude(pk=pk)
    found = search.suggest(others, text or contact.name, limit=10)
    context = {"contact": contact, "q": text, "found": found}
    return render(request, "contacts/same_as.html", context)


def _both(request: InTeamRequest, one: int, other: int, *, gone_to: bool = False) -> tuple[Contact, Contact]:
    """Two contacts that the person may see, else 404. `gone_to`: one that was merged stands for whom it became."""
    rows = Contact.objects.filter(team__in=request.teams, pk__in=[one, other])
    here = {row.pk: row.merged_into if gone_to and row.merged_into_id else row for row in _whole(rows)}
    if len(here) < len({one, other}) or any(row is None or row.binned_at for row in here.values()):
        raise Http404
    first, second = here[one], here[other]
    return first, second


def _whole(rows: Any) -> Any:
    """Contacts with everything that the merge page shows of them."""
    rows = rows.select_related("kind", "owner", "team", "merged_into__kind", "merged_into__owner")
    return rows.prefetch_related("points", "tags", "merged_into__points", "merged_into__tags")


def _merge_page(
    request: InTeamRequest, kept: Contact, merged: Contact, choices: dict[str, str], problem: str = ""
) -> HttpResponse:
    """Both as they are now, with what was chosen kept; 409 where they could not be merged as they were."""
    try:
        comparison = merging.compare(kept, merged)
    except merging.CannotMerge as refusal:
        status(request, str(refusal), level=messages.WARNING)
        return redirect("contact", pk=kept.pk)
    usual = {"note": merging.BOTH}
    fields = [
        (choice, choices.get(choice.name, usual.get(choice.name, "kept"))) for choice in comparison.choices
    ]
    context = {
        "comparison": comparison,
        "fields": fields,
        "differing": any(choice.differs for choice in comparison.choices),
        "problem": problem,
    }
    return render(request, "contacts/merge.html", context, status=409 if problem else 200)

"""Note a meeting: the form knows the occurrences of the last and next three hours, and what teammates noted today."""

import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import changes
from accounts.http import InTeamRequest, back_to
from accounts.models import Operation, User
from accounts.permissions import team_page
from contacts import faces, logbook, merging
from contacts.forms import NoteForm
from contacts.forms.note import OTHER, first_values
from contacts.models import Contact, Touchpoint, TouchpointKind
from contacts.timeline import JOINABLE
from events import attendance
from events.models import Occurrence
from events.planning import CannotChange
from foundation import clock
from foundation.inputs import row_ids
from foundation.meanwhile import ChangedMeanwhile
from foundation.messages import status
from outreach.models import Launch

CHIPS, KINDS, LAUNCHES = 8, 4, 3
SEPARATE = "no"  # the answer "another meeting" to "was it the same?"


@dataclass
class LogPage:
    """What the page shows beside its form. `near` are the person's own occurrences about now, to attach to;
    `same` are teammates' meetings with the same contacts that day, to join; `launches` are near enough for the meeting
    to be about one of them: it then carries their tag."""

    form: NoteForm
    faces: list[Contact]
    kinds: list[TouchpointKind]
    more_kinds: list[TouchpointKind]
    near: list[Occurrence] = field(default_factory=list)
    event: int | None = None
    same: list[Touchpoint] = field(default_factory=list)
    launches: list[Launch] = field(default_factory=list)
    for_launches: list[int] = field(default_factory=list)
    touchpoint: Touchpoint | None = None

    @property
    def kind(self) -> int | None:
        """The id of the kind that is chosen."""
        chosen = self.form["kind"].value()
        return int(chosen) if str(chosen).isdecimal() else self.kinds[0].pk if self.kinds else None

    @property
    def chosen(self) -> list[int]:
        """The ids of the contacts that are chosen."""
        return self.form.chosen()

    @property
    def managers(self) -> list[int]:
        """The ids of the teammates who are chosen."""
        return [int(pk) for pk in self.form["managers"].value() or [] if str(pk).isdecimal()]

    @property
    def more_is_open(self) -> bool:
        """Whether something under "More" is filled in or wrong."""
        names = ("place", "managers", "tags", "is_private", "minutes", "promise_text", "promise_on")
        return any(self.form[name].value() or self.form[name].errors for name in names)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: InTeamRequest) -> HttpResponse:
    """Note a meeting; posted twice it is noted once and both answers are the same."""
    if request.membership is None:
        raise PermissionDenied
    now = clock.now()
    if request.method == "POST":
        form = NoteForm(request.POST, team=request.team, user=request.user, now=now)
        same = _same_day(request, form, now) if form.is_valid() else []
        if form.is_valid() and not same:
            return _save(request, form, now)
        return _page(request, form, now, same=same, code=422)
    event = _event(request)
    initial = first_values(team=request.team, user=request.user, now=now, contacts=_wanted(request, event))
    if event:
        initial |= {"kind": event.kind_id, "place": event.place}
    form = NoteForm(team=request.team, user=request.user, now=now, initial=initial)
    return _page(request, form, now, event=event)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def log_edit(request: InTeamRequest, pk: int) -> HttpResponse:
    """Change what a touchpoint says; for those who were there, a private one for its author."""
    now = clock.now()
    touchpoint = _own(request, pk)
    for_whom: dict[str, Any] = {
        "team": touchpoint.team,
        "user": request.user,
        "now": now,
        "keep_kind": touchpoint.kind_id,
    }
    initial = {**NoteForm.initial_of(touchpoint), "seen": logbook.state(touchpoint)}
    if request.method == "POST":
        form = NoteForm(request.POST, initial=initial, **for_whom)
        if form.is_valid():
            said = _with_the_gone(form, touchpoint, request.user)
            try:
                logbook.edit(touchpoint, by=request.user, now=now, seen=form.cleaned_data["seen"], **said)
                status(request, _("Saved: %(names)s.") % {"names": _names(touchpoint)})
                return redirect(back_to(request, reverse("today")))
            except ChangedMeanwhile as meanwhile:
                form.come_back(meanwhile.state)
        return _page(request, form, now, touchpoint=touchpoint, code=422)
    form = NoteForm(initial=initial, **for_whom)
    return _page(request, form, now, touchpoint=touchpoint)


@team_page
@require_POST
def log_bin(request: InTeamRequest, pk: int) -> HttpResponse:
    """Take a touchpoint out, with Undo."""
    operation = logbook.bin_touchpoint(_own(request, pk), by=request.user, now=clock.now())
    status(
        request,
        _("The meeting is in the bin for 30 days."),
        undo_url=reverse("log_undo", args=[operation.pk]),
    )
    return redirect("today")


@team_page
@require_POST
def log_join(request: InTeamRequest, pk: int) -> HttpResponse:
    """ "I was there too": a teammate's touchpoint counts for the person as well."""
    touchpoint = get_object_or_404(Touchpoint.objects.visible_to(request.user), pk=pk)
    if request.membership is None or request.membership.team_id != touchpoint.team_id:
        raise PermissionDenied
    try:
        joined = logbook.join(touchpoint, manager=request.user, now=clock.now())
    except logbook.TooLongAgo:
        status(request, _too_long_ago(), level=messages.ERROR)
    else:
        said = _("You were there too: %(names)s.") % {"names": _names(touchpoint)}
        status(request, said, undo_url=_undo_of(joined.operation))
    return redirect(back_to(request, reverse("today")))


@team_page
@require_POST
def log_undo(request: InTeamRequest, pk: int) -> HttpResponse:
    """Take a note back, or out of the bin. An occurrence it was attached to asks again."""
    now = clock.now()
    undoable = Operation.objects.undoable_by(request.user, now=now).filter(
        kind__in=[logbook.NOTE, logbook.JOIN, logbook.BIN]
    )
    operation = get_object_or_404(undoable.select_related("team"), pk=pk)
    try:
        with transaction.atomic():
            done = logbook.take_back(operation, by=request.user, now=now)
            _let_go(operation.details["touchpoint"], request, now)
    except changes.CannotUndo:
        status(request, _("That can no longer be undone."), level=messages.WARNING)
    else:
        status(request, _("Undone.") if done.restored else _("It was changed since, and stays as it is."))
    return redirect(back_to(request, reverse("today")))


def _save(request: InTeamRequest, form: NoteForm, now: datetime) -> HttpResponse:
    """Note it, or join the teammate's; attach it to the occurrence chosen; back to Today."""
    cleaned = form.cleaned_data
    if request.POST.get("same", "").isdecimal():
        return _join(request, form, now)
    event = request.POST.get("event", "")
    with transaction.atomic() if event else nullcontext():  # a note alone is one transaction by itself
        noted = logbook.note(
            team=request.team,
            by=request.user,
            client_id=cleaned["client_id"] or uuid.uuid4(),
            now=now,
            managers=cleaned["managers"],
            promise=form.promise(),
            **_tagged(request, form.content()),
        )
        if event:
            _attach(request, event, noted.touchpoint, now)
    links = (
        []
        if noted.touchpoint.note
        else [(_("Add a note"), f"{reverse('log_edit', args=[noted.touchpoint.pk])}#note")]
    )
    names = _said(form) if noted.created else _names(noted.touchpoint)  # sent again, it may say others
    said = _("Noted: %(names)s.") % {"names": names} if names else _("Noted.")
    if form.held_back:
        said += " " + _("Without somebody who asked not to be held here.")
    status(request, said, undo_url=_undo_of(noted.operation), links=links)
    return redirect("today")


def _join(request: InTeamRequest, form: NoteForm, now: datetime) -> HttpResponse:
    """Join the teammate's meeting that the form names, with whom and what the person wrote; back to Today."""
    cleaned = form.cleaned_data
    touchpoints = Touchpoint.objects.visible_to(request.user).filter(team=request.team)
    theirs = get_object_or_404(touchpoints.select_related("author"), pk=request.POST["same"])
    try:
        joined = logbook.join(
            theirs,
            manager=request.user,
            now=now,
            contacts=cleaned["who"],
            note=cleaned["note"],
            tags=_tagged(request, {"tags": []})["tags"],
        )
    except logbook.TooLongAgo:
        form.add_error("who", _too_long_ago())
        return _page(request, form, now, code=422)
    said = _("You were there too: %(names)s.") % {"names": _names(theirs)}
    if not joined.is_whole:
        left_out = _("Your note was not added: what %(author)s wrote about this meeting is private.")
        said = f"{said} {left_out % {'author': theirs.author.get_short_name()}}"
    status(request, said, undo_url=_undo_of(joined.operation))
    return redirect("today")


def _undo_of(operation: Operation | None) -> str:
    return reverse("log_undo", args=[operation.pk]) if operation else ""


def _tagged(request: InTeamRequest, content: dict[str, Any]) -> dict[str, Any]:
    """What the form says, with the tags of the launches that the meeting was about."""
    chosen = row_ids(request.POST.getlist("launch"))
    if not chosen:
        return content
    launches = Launch.objects.of_team(request.team).filter(pk__in=chosen)
    return {**content, "tags": [*content["tags"], *launches.values_list("tag__name", flat=True)]}


def _too_long_ago() -> str:
    return _("This meeting was more than a week ago: it can no longer be joined. Note it yourself instead.")


def _attach(request: InTeamRequest, event: str, touchpoint: Touchpoint, now: datetime) -> None:
    """Make it the touchpoint of the occurrence chosen in the form, if that is still to be answered."""
    if not event.isdecimal():
        return
    own = Occurrence.objects.visible_to(request.user).filter(team=request.team).hosted_by(request.user)
    occurrence = own.filter(pk=event).first()
    if occurrence is None:
        return
    try:
        attendance.attach(occurrence=occurrence, touchpoint=touchpoint, by=request.user, now=now)
    except CannotChange:  # answered meanwhile, or the same form came twice: the meeting is noted all the same
        return


def _let_go(touchpoint: int, request: InTeamRequest, now: datetime) -> None:
    occurrence = Occurrence.objects.filter(touchpoint=touchpoint, touchpoint__binned_at__isnull=False).first()
    if occurrence:
        attendance.reopen(occurrence=occurrence, by=request.user, now=now)


def _same_day(request: InTeamRequest, form: NoteForm, now: datetime) -> list[Touchpoint]:
    """Teammates' meetings with the same contacts that day, unless the person has answered, or sends the note again."""
    cleaned = form.cleaned_data
    if request.POST.get("same") or not cleaned["who"]:
        return []
    day = request.team.day_of(cleaned["met_at"])
    found = logbook.teammates_same_day(team=request.team, user=request.user, contacts=cleaned["who"], day=day)
    same = list(found.filter(met_at__gt=now - JOINABLE).prefetch_related("contacts")[:3])
    sent_before = Touchpoint.objects.filter(author=request.user, client_id=cleaned["client_id"])
    return [] if same and sent_before.exists() else same


def _own(request: InTeamRequest, pk: int) -> Touchpoint:
    """A touchpoint that the person may change; 404 for another team's, 403 for one they were not part of."""
    touchpoints = Touchpoint.objects.visible_to(request.user).select_related("team", "kind")
    touchpoint = get_object_or_404(touchpoints.prefetch_related("contacts__kind", "managers", "tags"), pk=pk)
    if not touchpoint.may_edit(request.user):
        raise PermissionDenied
    return touchpoint


def _with_the_gone(form: NoteForm, touchpoint: Touchpoint, user: User) -> dict[str, Any]:
    """What the form says, and those it cannot show: contacts in the bin, teammates who left. History stays."""
    here = [*form.teammates, user]
    gone = [manager for manager in touchpoint.managers.all() if manager not in here]
    binned = [contact for contact in touchpoint.contacts.all() if contact.binned_at]
    content = form.content()
    return {
        **content,
        "contacts": [*content["contacts"], *binned],
        "managers": [*form.cleaned_data["managers"], user, *gone],
    }


def _said(form: NoteForm) -> str:
    """Whom the form names, in the order in which `_names` finds them again."""
    known = sorted(form.cleaned_data["who"], key=lambda contact: contact.pk)
    return ", ".join([*(contact.name for contact in known), *form.cleaned_data["new_names"]])


def _names(touchpoint: Touchpoint) -> str:
    return ", ".join(touchpoint.contacts.order_by("pk").values_list("name", flat=True))


def _event(request: InTeamRequest) -> Occurrence | None:
    """The person's own occurrence named in the address."""
    event = request.GET.get("event", "")
    own = Occurrence.objects.visible_to(request.user).filter(team=request.team).hosted_by(request.user)
    return own.with_guests().filter(pk=event).first() if event.isdecimal() else None


def _wanted(request: InTeamRequest, event: Occurrence | None) -> list[int]:
    """The contacts chosen from the start: those in the address, else an occurrence's guests."""
    ids = merging.kept_ids(row_ids(request.GET.getlist("contact")[:50]))
    mine = Contact.objects.visible_to(request.user).filter(team=request.team)
    known = set(mine.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    guests = [invited.contact_id for invited in event.invited] if event and not ids else []  # type: ignore[attr-defined]
    return [pk for pk in ids if pk in known] + guests


def _page(
    request: InTeamRequest,
    form: NoteForm,
    now: datetime,
    *,
    event: Occurrence | None = None,
    same: list[Touchpoint] | None = None,
    touchpoint: Touchpoint | None = None,
    code: int = 200,
) -> HttpResponse:
    near = attendance.near(team=form.team, user=request.user, instant=now) if touchpoint is None else []
    if event and event not in near:
        near = [event, *near]
    guests = [invited.contact_id for occurrence in near for invited in occurrence.invited]  # type: ignore[attr-defined]
    kinds = form.kinds
    chosen = next((kind for kind in kinds if str(kind.pk) == str(form["kind"].value())), None)
    first = kinds[:KINDS] if chosen is None or chosen in kinds[:KINDS] else [chosen, *kinds[: KINDS - 1]]
    today = now.astimezone(form.team.zone).date()
    page = LogPage(
        form=form,
        faces=faces.suggested(
            team=form.team, user=request.user, now=now, chosen=form.chosen(), first=guests, limit=CHIPS
        ),
        kinds=first,
        more_kinds=[kind for kind in kinds if kind not in first],
        near=near,
        event=event.pk if event else _posted_event(request),
        same=same or [],
        launches=list(Launch.objects.of_team(form.team).near(today)[:LAUNCHES]) if touchpoint is None else [],
        for_launches=row_ids([*request.POST.getlist("launch"), *request.GET.getlist("launch")]),
        touchpoint=touchpoint,
    )
    return render(request, "pages/log.html", {"page": page, "form": form, "OTHER": OTHER}, status=code)


def _posted_event(request: InTeamRequest) -> int | None:
    event: Any = request.POST.get("event", "")
    return int(event) if event.isdecimal() else None

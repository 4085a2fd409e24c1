"""Promises: made, kept, put off. Each answers with the page the person came from."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import InTeamRequest, back_to
from accounts.permissions import team_page
from contacts import promises
from contacts.forms import LaterForm, PromiseForm
from contacts.models import Contact, Promise, PromiseQuerySet
from contacts.views.contacts import undo_address
from foundation import clock
from foundation.formatting import weekday_date
from foundation.messages import status


@team_page
@require_POST
def promise_new(request: InTeamRequest, pk: int) -> HttpResponse:
    """Promise something to a contact."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("team"), pk=pk)
    form = PromiseForm(request.POST)
    if form.is_valid():
        cleaned = form.cleaned_data
        promises.add(team=contact.team, contact=contact, manager=request.user, now=clock.now(), **cleaned)
        day = weekday_date(cleaned["due_on"], get_language() or "en")
        status(request, _("Promised: %(text)s, by %(day)s.") % {"text": cleaned["text"], "day": day})
    else:
        status(request, _("A promise needs a line and a day."), level=messages.ERROR)
    return redirect(back_to(request, reverse("contact", args=[contact.pk])))


@team_page
@require_POST
def promise_done(request: InTeamRequest, pk: int) -> HttpResponse:
    """A promise is kept."""
    promise = get_object_or_404(_own(request), pk=pk)
    operation = promises.done(promise, by=request.user, now=clock.now())
    status(request, _("Done: %(text)s.") % {"text": promise.text}, undo_url=undo_address(operation))
    return redirect(back_to(request, reverse("contact", args=[promise.contact_id])))


@team_page
@require_POST
def promise_later(request: InTeamRequest, pk: int) -> HttpResponse:
    """A promise is put off: to tomorrow, by a week, to a day."""
    promise = get_object_or_404(_own(request), pk=pk)
    now = clock.now()
    form = LaterForm(request.POST, today=now.astimezone(request.user.zone).date())
    if form.is_valid():
        operation = promises.later(promise, day=form.cleaned_data["day"], by=request.user, now=now)
        said = {"text": promise.text, "day": weekday_date(promise.due_on, get_language() or "en")}
        status(request, _("Put off to %(day)s: %(text)s.") % said, undo_url=undo_address(operation))
    else:
        status(request, _("Choose a day that is still to come."), level=messages.ERROR)
    return redirect(back_to(request, reverse("contact", args=[promise.contact_id])))


@team_page
@require_POST
def promise_drop(request: InTeamRequest, pk: int) -> HttpResponse:
    """A promise is no longer to be kept."""
    promise = get_object_or_404(_own(request), pk=pk)
    operation = promises.drop(promise, by=request.user, now=clock.now())
    status(request, _("Taken off: %(text)s.") % {"text": promise.text}, undo_url=undo_address(operation))
    return redirect(back_to(request, reverse("contact", args=[promise.contact_id])))


def _own(request: InTeamRequest) -> PromiseQuerySet:
    """A promise is changed by the one who made it."""
    return Promise.objects.visible_to(request.user).filter(manager=request.user).select_related("team")

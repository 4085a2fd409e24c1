"""What waits for me: read, done, later; and when I want to be told."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import TeamRequest
from accounts.permissions import login_required
from foundation import clock, formatting
from foundation.messages import status
from notifications import agenda, choices, kinds, moments, outbox, trial, unsubscribing
from notifications.forms import LONGEST_SNOOZE, LaterForm, PreferenceForm, WishesForm
from notifications.models import Notification, Preference


@login_required
@require_safe
def notification_list(request: TeamRequest) -> HttpResponse:
    """The notifications that wait for me, by day."""
    now = clock.now()
    today = now.astimezone(request.user.zone).date()
    context = {
        "days": agenda.waiting(request.user, now),
        "first_day": today + timedelta(days=1),
        "last_day": today + timedelta(days=LONGEST_SNOOZE),
    }
    return render(request, "notifications/notification_list.html", context)


@login_required
@require_safe
def follow(request: TeamRequest, pk: int) -> HttpResponse:
    """To the page a notification is about; from here on it is no longer new."""
    notification = _mine(request, pk)
    notification.open(clock.now())
    try:
        return redirect(kinds.get(notification.kind).url(notification))
    except kinds.UnknownKind:
        return redirect("notifications:notification_list")


@login_required
@require_POST
def done(request: TeamRequest, pk: int) -> HttpResponse:
    """I am done with it."""
    notification = _mine(request, pk)
    notification.finish(clock.now())
    return _said(request, notification, _("Done."))


@login_required
@require_POST
def later(request: TeamRequest, pk: int) -> HttpResponse:
    """Tell me again tomorrow (`days` = 1), in a week (7), or on a day (`until`)."""
    now = clock.now()
    today = now.astimezone(request.user.zone).date()
    notification, form = _mine(request, pk), LaterForm(request.POST, today=today)
    if not form.is_valid():
        said = form.non_field_errors() or [_("A day from tomorrow on, and within 30 days.")]
        status(request, said[0], level=messages.WARNING)
        return redirect("notifications:notification_list")
    days = form.cleaned_data["days"]
    agenda.put_off(notification, days, now)
    return _said(request, notification, _back_when(days, today + timedelta(days=days)))


def _back_when(days: int, day: date) -> str:
    if days == 1:
        return _("Back tomorrow.")
    if days == agenda.A_WEEK:
        return _("Back in a week.")
    return _("Back on %(day)s.") % {"day": formatting.day_month(day, get_language() or "en")}


@login_required
@require_POST
def reopen(request: TeamRequest, pk: int) -> HttpResponse:
    """Undo "done" and "later"."""
    agenda.reopen(_mine(request, pk))
    return redirect("notifications:notification_list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: TeamRequest) -> HttpResponse:
    """When and how I want to be told, of what."""
    chosen = Preference.objects.filter(user=request.user).first() or Preference(user=request.user)
    offered = choices.offered_to(request.memberships)
    hours = moments.hours_of(request.user)
    form = PreferenceForm(request.POST or None, instance=chosen)
    wishes = WishesForm(request.POST or None, kinds=offered, hours=hours)
    if form.is_valid() and wishes.is_valid():
        choices.choose(form.save(), wishes.cleaned_data)
        status(request, _("Saved."))
        return redirect("notifications:preferences")
    answer = 422 if form.is_bound else 200
    context = {"form": form, "wishes": wishes}
    return render(request, "notifications/preference_form.html", context, status=answer)


@login_required
@require_POST
def trial_mail(request: TeamRequest) -> HttpResponse:
    """Send me an e-mail now, to see that it arrives."""
    person, hours = request.user, moments.hours_of(request.user)
    if not outbox.may_be_mailed(person, hours):
        refused = _("The mail server of %(address)s refused it. Put the address right first.")
        off = _("Reminders by e-mail are off: tick the first box and save, then try again.")
        said = refused % {"address": person.email} if hours.is_refused else off
        status(request, said, level=messages.WARNING)
    else:
        trial.ask(person, clock.now())
        status(request, _("On its way to %(address)s: give it two minutes.") % {"address": person.email})
    return redirect("notifications:preferences")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Leave a digest without signing in. A link alone changes nothing: mail scanners follow each one.

    A mail program posts here by itself (RFC 8058), so no CSRF token can be asked for: the signed link is the key.
    """
    found = unsubscribing.read(token)
    if found is None:
        return render(request, "notifications/unsubscribe.html", status=404)
    person, left = found
    if request.method == "POST":
        unsubscribing.leave(person, left)
    with translation.override(person.language):
        context = {"left": left, "names": [kind.label for kind in left], "is_done": request.method == "POST"}
        return render(request, "notifications/unsubscribe.html", context)


def _mine(request: TeamRequest, pk: int) -> Notification:
    return get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)


def _said(request: TeamRequest, notification: Notification, words: str) -> HttpResponse:
    status(request, words, undo_url=reverse("notifications:reopen", args=[notification.pk]))
    return redirect("notifications:notification_list")

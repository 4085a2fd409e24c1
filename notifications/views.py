"""What waits for me: read, done, later; and when I want to be told."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import TeamRequest
from foundation import clock
from foundation.messages import status
from notifications import agenda, kinds, unsubscribing
from notifications.forms import LaterForm, PreferenceForm
from notifications.models import Notification, Preference


@login_required
@require_safe
def notification_list(request: TeamRequest) -> HttpResponse:
    """The notifications that wait for me, by day."""
    days = agenda.waiting(request.user, clock.now())
    return render(request, "notifications/notification_list.html", {"days": days})


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
    """Tell me again tomorrow (`days` = 1) or in a week (7)."""
    notification, form = _mine(request, pk), LaterForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    days = form.cleaned_data["days"]
    notification.put_off(agenda.in_days(request.user, days, clock.now()))
    return _said(request, notification, _("Back tomorrow.") if days == 1 else _("Back in a week."))


@login_required
@require_POST
def reopen(request: TeamRequest, pk: int) -> HttpResponse:
    """Undo "done" and "later"."""
    _mine(request, pk).reopen()
    return redirect("notifications:notification_list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: TeamRequest) -> HttpResponse:
    """When and how I want to be told."""
    chosen = Preference.objects.filter(user=request.user).first() or Preference(user=request.user)
    form = PreferenceForm(request.POST or None, instance=chosen)
    if form.is_valid():
        form.save()
        status(request, _("Saved."))
        return redirect("notifications:preferences")
    answer = 422 if form.is_bound else 200
    return render(request, "notifications/preference_form.html", {"form": form}, status=answer)


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

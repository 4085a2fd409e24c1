"""Meetings in other calendars: secret addresses, and single meetings as files."""

import hashlib

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.http import TeamRequest
from accounts.permissions import team_page
from events import feeds
from events.feed_forms import FeedForm, NamesForm
from events.ical import feed as calendars
from events.models import Feed, Occurrence, Scope, Series
from events.views.responses import team_of
from foundation import clock
from foundation.messages import status

ICS = "text/calendar; charset=utf-8"


@team_page
@require_safe
def feed_list(request: TeamRequest) -> HttpResponse:
    """One's own addresses for the team one looks at."""
    return _page(request)


@team_page
@require_POST
@never_cache
def feed_make(request: TeamRequest) -> HttpResponse:
    """A new address, shown on this answer and never again."""
    form = FeedForm(request.POST)
    if not form.is_valid():
        return redirect("events:feed_list")
    scope, names = form.cleaned_data["scope"], form.cleaned_data["names"]
    # An admin who looks at a team has no meetings in it.
    if scope == Scope.MINE and request.membership is None:
        raise PermissionDenied
    feed, token = feeds.make(
        user=request.user, team=team_of(request), scope=scope, has_names=names, now=clock.now()
    )
    address = f"{settings.PUBLIC_URL}{reverse('events:feed', args=[token])}"
    return _page(request, {"made": feed, "address": address, "webcal": "webcal:" + address.partition(":")[2]})


@team_page
@require_POST
def feed_names(request: TeamRequest, pk: int) -> HttpResponse:
    """Say who is invited, or no longer."""
    form = NamesForm(request.POST)
    if form.is_valid():
        feeds.show_names(feed=_own(request, pk), has_names=form.cleaned_data["names"], now=clock.now())
        status(request, _("Saved. Calendars show it when they next look."))
    return redirect("events:feed_list")


@team_page
@require_POST
def feed_revoke(request: TeamRequest, pk: int) -> HttpResponse:
    """End an address."""
    feeds.revoke(feed=_own(request, pk), now=clock.now())
    status(request, _("The address leads nowhere now. Calendars that use it show nothing new."))
    return redirect("events:feed_list")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address: no session, no page, nothing to be kept on the way."""
    now, found = clock.now(), feeds.find(token)
    if found is None:
        return HttpResponse(
            _("This address leads nowhere."), status=404, content_type="text/plain; charset=utf-8"
        )
    if not found.count_fetch(now):
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    content = calendars.of_feed(found, now=now)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if etag in request.headers.get("If-None-Match", ""):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(content, content_type=ICS)
        answer["Content-Disposition"] = 'inline; filename="communitycrm.ics"'
    answer["ETag"] = etag
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@team_page
@require_safe
def occurrence_ics(request: TeamRequest, pk: int) -> HttpResponse:
    """One meeting as a file."""
    seen = Occurrence.objects.visible_to(request.user).select_related("kind", "team", "series")
    return _file(calendars.of_occurrence(get_object_or_404(seen, pk=pk)), f"meeting-{pk}")


@team_page
@require_safe
def series_ics(request: TeamRequest, pk: int) -> HttpResponse:
    """A series with its dates as a file."""
    seen = Series.objects.visible_to(request.user).select_related("kind", "team")
    return _file(calendars.of_series(get_object_or_404(seen, pk=pk)), f"series-{pk}")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=ICS)
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _own(request: TeamRequest, pk: int) -> Feed:
    return get_object_or_404(Feed.objects.visible_to(request.user).select_related("user", "team"), pk=pk)


def _page(request: TeamRequest, made: dict[str, object] | None = None) -> HttpResponse:
    own = {feed.scope: feed for feed in Feed.objects.visible_to(request.user).filter(team=request.team)}
    scopes = [scope for scope in Scope if scope != Scope.MINE or request.membership]
    entries = [(scope, own.get(scope)) for scope in scopes]
    return render(request, "events/feed_list.html", {"entries": entries, **(made or {})})

"""An occurrence: planned, held, noted; and the posts that come of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import InTeamRequest
from accounts.permissions import team_page
from events.views.detail import context_of
from events.views.responses import occurrence_of
from foundation import clock
from outreach.models import Status


@team_page
@require_safe
def occurrence(request: InTeamRequest, pk: int) -> HttpResponse:
    """When, where, with whom; before: whom to invite; afterwards: did it take place?"""
    found = occurrence_of(request, pk)
    told = found.posts.filter(binned_at=None).exclude(status=Status.CANCELLED).prefetch_related("channels")
    context = {**context_of(request, found, clock.now()), "posts": told.order_by("publish_at", "pk")}
    return render(request, "pages/occurrence_detail.html", context)

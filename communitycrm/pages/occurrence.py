"""An occurrence: planned, held, noted; and the posts that come of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import InTeamRequest
from accounts.permissions import team_page
from events.views.detail import context_of
from events.views.responses import occurrence_of
from foundation import clock


@team_page
@require_safe
def occurrence(request: InTeamRequest, pk: int) -> HttpResponse:
    """When, where, with whom; before: whom to invite; afterwards: did it take place?"""
    context = context_of(request, occurrence_of(request, pk), clock.now())
    return render(request, "pages/occurrence_detail.html", context)

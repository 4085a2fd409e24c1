"""The pages about relays, for the team; the short links themselves are in relay_views."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import InTeamRequest
from accounts.permissions import team_page
from foundation import clock
from foundation.htmx import redirect
from foundation.messages import status
from outreach.launch_forms import ParametersForm
from outreach.launch_views import launch_of
from outreach.launches import planning, relaying
from outreach.launches.addresses import NAMES
from outreach.launches.relaying import Row
from outreach.models import Launch, Relay


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def launch_relays(request: InTeamRequest, pk: int) -> HttpResponse:
    """Links, clicks, and the parameters added to the address, which are changed here."""
    launch = launch_of(request, pk)
    form = ParametersForm(request.POST or None, initial={name: getattr(launch, name) for name in NAMES})
    if request.method == "POST" and form.is_valid():
        operation = planning.edit(launch, by=request.user, now=clock.now(), **form.cleaned_data)
        status(request, _("Saved."), undo_url=reverse("accounts:undo", args=[operation.pk]))
        return redirect(request, reverse("outreach:launch_relays", args=[pk]))
    context = {"launch": launch, "page": relaying.of_launch(launch), "form": form, "here": "relays"}
    return render(request, "outreach/launch_relays.html", context, status=422 if form.errors else 200)


@team_page
@require_safe
def relay_sheet(request: InTeamRequest, pk: int, relay_pk: int) -> HttpResponse:
    """One link with its QR code, to print."""
    launch = launch_of(request, pk)
    get_object_or_404(Relay, launch=launch, pk=relay_pk)
    rows = [row for row in relaying.of_launch(launch).rows if row.relay.pk == relay_pk]
    return _sheets(request, launch, rows)


@team_page
@require_safe
def relay_sheets(request: InTeamRequest, pk: int) -> HttpResponse:
    """All links with their QR codes, a page each."""
    launch = launch_of(request, pk)
    return _sheets(request, launch, relaying.of_launch(launch).rows)


def _sheets(request: InTeamRequest, launch: Launch, rows: Sequence[Row]) -> HttpResponse:
    sheets = [(row, relaying.picture(row.address)) for row in rows]
    return render(request, "outreach/relay_sheets.html", {"launch": launch, "sheets": sheets})

"""The picture of a launch, as a page and as a file."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.http import InTeamRequest
from accounts.permissions import team_page
from foundation import clock
from outreach.launch_views import launch_of
from outreach.launches import picture
from outreach.models import Told

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@team_page
@require_safe
def launch_picture(request: InTeamRequest, pk: int) -> HttpResponse:
    """Who was met before, who came after: one line, its tables, earlier launches."""
    launch = launch_of(request, pk)
    context = {
        "launch": launch,
        "here": "picture",
        "picture": picture.of_launch(launch, now=clock.now()),
        "compared": picture.compared(launch),
        "told": list(Told.objects.filter(launch=launch)[:5]),
    }
    return render(request, "outreach/launch_picture.html", context)


@team_page
@require_safe
def picture_csv(request: InTeamRequest, pk: int) -> HttpResponse:
    """A row for each day of the picture, in UTF-8 with the mark that Excel looks for."""
    launch = launch_of(request, pk)
    name = f"{slugify(launch.name) or 'launch'}-{launch.day}.csv"
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    header, *rows = picture.rows(picture.of_launch(launch, now=clock.now()))
    # A kind that a team named like a formula must not be run by whoever opens the file.
    writer.writerow(f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in header)
    writer.writerows(rows)
    return response

"""The team's presence for its leads: figures, cards, the table and its files, the report. Admins see it all together."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.http import TeamRequest
from accounts.models import Team
from accounts.permissions import is_admin, login_required
from contacts.models import Tag
from foundation import clock
from ratio import exports, overview, report
from ratio.forms import ReportForm
from ratio.overview import Show, TeamPage
from ratio.periods import local_day

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def team_presence(request: TeamRequest, slug: str) -> HttpResponse:
    """The team's figures; single people for its leads, with the individual view on."""
    page, head = _page(request, slug), exports.columns()
    as_table = request.GET.get("view") == "table"
    shown = page.shown if as_table else ()
    context = {
        "page": page,
        "weeks": overview.WEEKS,
        "as_table": as_table,
        "head": head,
        "lines": [(card, list(zip(head, exports.row(card), strict=True))) for card in shown],
        "led": [one.team for one in request.memberships if one.is_lead],
    }
    return render(request, "ratio/team_presence.html", context)


@require_safe
@login_required
def team_csv(request: TeamRequest, slug: str) -> HttpResponse:
    """The table as CSV."""
    page = _exported(request, slug)
    return _file(page, "csv", "text/csv; charset=utf-8", exports.as_csv(*exports.table(page)))


@require_safe
@login_required
def team_xlsx(request: TeamRequest, slug: str) -> HttpResponse:
    """The table as a workbook."""
    page = _exported(request, slug)
    return _file(page, "xlsx", XLSX, exports.as_xlsx(page.team.name, *exports.table(page)))


@require_safe
@login_required
def team_report(request: TeamRequest, slug: str) -> HttpResponse:
    """What the team's real actions were, for a period and a tag, to print."""
    team, _leads = _team(request, slug)
    now = clock.now()
    last = local_day(now, team.zone)
    first, tag = last - dt.timedelta(days=90), None
    asked = {"first": first, "last": last, **request.GET.dict()}
    form = ReportForm(asked, tags=Tag.objects.filter(team=team))
    if form.is_valid():
        first, last, tag = (form.cleaned_data[name] for name in ("first", "last", "tag"))
    found = report.of_period(team, request.user, first, last, tag=tag, now=now)
    context = {"page": found, "form": form}
    return render(request, "ratio/report.html", context, status=422 if form.errors else 200)


def _team(request: TeamRequest, slug: str) -> tuple[Team, bool]:
    """A team whose presence the person may see, and whether they lead it: who only administers sees it all together."""
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    leads = any(one.is_lead and one.team_id == team.pk for one in request.memberships)
    if not (leads or is_admin(request.user)):
        raise PermissionDenied
    return team, leads


def _page(request: TeamRequest, slug: str) -> TeamPage:
    team, leads = _team(request, slug)
    show = request.GET.get("show", "")
    weeks = request.GET.get("weeks", "")
    return overview.team_page(
        team,
        request.user,
        clock.now(),
        leads=leads,
        show=Show(show) if show in set(Show) else Show.ALL,
        weeks=int(weeks) if weeks in map(str, overview.WEEKS) else overview.WEEKS[0],
        compare=request.GET.get("compare") == "1",
    )


def _exported(request: TeamRequest, slug: str) -> TeamPage:
    """The page of a file: people are in it or it is not made; the trail says who took it."""
    page = _page(request, slug)
    if not page.shows_people:
        raise PermissionDenied
    audit.record(
        action="presence.exported",
        actor=request.user,
        team=page.team,
        now=clock.now(),
        people=[card.person.pk for card in page.shown],
    )
    return page


def _file(page: TeamPage, ending: str, kind: str, content: bytes) -> HttpResponse:
    name = f"presence-{slugify(page.team.slug)}-{page.figures.last_day}.{ending}"
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

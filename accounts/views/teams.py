"""Teams and their members, for organisation admins and leads."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import teams
from accounts.forms import TeamForm
from accounts.http import TeamRequest
from accounts.models import Invitation, Membership, Team, User
from accounts.permissions import admin_page, is_admin, may_see_members, settings_page
from foundation import clock
from foundation.messages import status

PEOPLE_PER_PAGE = 50
CURRENT = Q(memberships__until__isnull=True)


@require_safe
@settings_page
def settings_home(request: TeamRequest) -> HttpResponse:
    """The teams: all for an admin, for a lead the ones they lead."""
    mine = Team.objects.all() if is_admin(request.user) else Team.objects.led_by(request.user)
    listed = Team.objects.filter(pk__in=mine.values("pk")).annotate(
        members=Count("memberships", filter=CURRENT, distinct=True)
    )
    open_ones = Invitation.objects.visible_to(request.user).open(clock.now()).filter(team=None)
    page = {
        "teams": listed,
        "admins": User.objects.filter(is_admin=True, is_active=True).order_by("name", "pk"),
        "invitations": open_ones.select_related("invited_by"),
        "is_admin": is_admin(request.user),
    }
    return render(request, "accounts/settings.html", page)


@require_safe
@admin_page
def people_list(request: TeamRequest) -> HttpResponse:
    """Everybody, the deactivated last: by name."""
    found = User.objects.prefetch_related("memberships__team").order_by("-is_active", "name", "pk")
    words = request.GET.get("q", "").replace("\0", "").strip()
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    page = {
        "page": Paginator(found, PEOPLE_PER_PAGE).get_page(request.GET.get("page")),
        "q": words,
        "query": f"{urlencode({'q': words})}&" if words else "",
    }
    return render(request, "accounts/people_list.html", page)


@require_safe
@settings_page
def team(request: TeamRequest, slug: str) -> HttpResponse:
    """A team's members and open invitations."""
    found = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    if not may_see_members(request.user, found):
        raise PermissionDenied
    members = (
        Membership.objects.current().filter(team=found).select_related("user").order_by("user__name", "pk")
    )
    open_ones = Invitation.objects.visible_to(request.user).open(clock.now()).filter(team=found)
    page = {
        "team": found,
        "members": members,
        "invitations": open_ones.select_related("invited_by"),
        "is_admin": is_admin(request.user),
    }
    return render(request, "accounts/team_detail.html", page)


@require_http_methods(["GET", "POST"])
@admin_page
def team_new(request: TeamRequest) -> HttpResponse:
    """Make a team."""
    form = TeamForm(request.POST or None)
    if not form.is_valid():
        return _team_form(request, form, None)
    made = teams.create(**form.cleaned_data, by=request.user, now=clock.now())
    status(request, _("The team “%(team)s” is there. Now invite somebody.") % {"team": made.name})
    return redirect("accounts:team", slug=made.slug)


@require_http_methods(["GET", "POST"])
@admin_page
def team_edit(request: TeamRequest, slug: str) -> HttpResponse:
    """Change a team's name, zone and country."""
    found = get_object_or_404(Team, slug=slug)
    form = TeamForm(request.POST or None, instance=found)
    if not form.is_valid():
        return _team_form(request, form, Team.objects.get(pk=found.pk))
    teams.edit(found, **form.cleaned_data, by=request.user, now=clock.now())
    status(request, _("Saved."))
    return redirect("accounts:team", slug=found.slug)


def _team_form(request: TeamRequest, form: TeamForm, found: Team | None) -> HttpResponse:
    page = {"form": form, "team": found}
    return render(request, "accounts/team_form.html", page, status=422 if form.is_bound else 200)

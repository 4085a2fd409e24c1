"""Inviting: by e-mail, or by a link to copy."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations
from accounts.forms import InviteForm
from accounts.http import TeamRequest
from accounts.models import Invitation, Role, Team
from accounts.permissions import admin_page, may_see_members, settings_page
from accounts.words import why_not
from foundation import clock
from foundation.messages import status


@require_http_methods(["GET", "POST"])
@settings_page
def invite(request: TeamRequest, slug: str) -> HttpResponse:
    """Invite somebody to a team. A lead invites community managers to their own."""
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    if not may_see_members(request.user, team):
        raise PermissionDenied
    return _invite(request, team)


@require_http_methods(["GET", "POST"])
@admin_page
def invite_admin(request: TeamRequest) -> HttpResponse:
    """Invite an organisation admin who belongs to no team."""
    return _invite(request, None)


def _invite(request: TeamRequest, team: Team | None) -> HttpResponse:
    form = InviteForm(request.POST or None, team=team, by=request.user)
    if form.is_valid():
        role = form.cleaned_data.get("role", Role.MANAGER)
        is_admin = form.cleaned_data.get("is_admin", team is None)
        if not invitations.may_invite(request.user, team, role, is_admin=is_admin):
            raise PermissionDenied
        email = form.cleaned_data["email"]
        try:
            made = invitations.invite(
                team=team, email=email, role=role, is_admin=is_admin, by=request.user, now=clock.now()
            )
        except invitations.AlreadyThere as error:
            form.add_error("email", why_not(error))
        else:
            _tell(request, made)
            return redirect("accounts:invitation", pk=made.pk)
    page = {"form": form, "team": team, "is_admin": request.user.is_admin}
    return render(request, "accounts/invite.html", page, status=422 if form.is_bound else 200)


def _tell(request: TeamRequest, made: Invitation) -> None:
    if not made.email:
        status(request, _("The link is ready: copy it and hand it over."))
    elif invitations.send(made, link=_link(request, made)):
        status(request, _("The invitation has left for %(email)s.") % {"email": made.email})
    else:
        text = _("The e-mail could not be sent. Copy the link below and hand it over yourself.")
        status(request, text, level=messages.WARNING)


def _link(request: TeamRequest, made: Invitation) -> str:
    return request.build_absolute_uri(reverse("accounts:join", args=[made.token]))


@require_http_methods(["GET"])
@settings_page
def invitation(request: TeamRequest, pk: int) -> HttpResponse:
    """An open invitation with its link to copy."""
    visible = Invitation.objects.visible_to(request.user).open(clock.now())
    found = get_object_or_404(visible.select_related("team", "invited_by"), pk=pk)
    page = {"invitation": found, "link": _link(request, found), "is_admin": request.user.is_admin}
    return render(request, "accounts/invitation_detail.html", page)


@require_POST
@settings_page
def withdraw(request: TeamRequest, pk: int) -> HttpResponse:
    """Make an open invitation useless."""
    now = clock.now()
    found = get_object_or_404(
        Invitation.objects.visible_to(request.user).open(now).select_related("team"), pk=pk
    )
    invitations.withdraw(found, by=request.user, now=now)
    status(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("accounts:team", slug=found.team.slug) if found.team else redirect("accounts:settings")

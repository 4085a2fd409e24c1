"""Roles, leaving, deactivating: what an organisation admin does with people."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import memberships, people
from accounts.forms import RoleForm
from accounts.http import TeamRequest, back_to
from accounts.models import Membership, User
from accounts.permissions import admin_page
from accounts.words import why_not
from foundation import clock
from foundation.messages import status


@require_http_methods(["GET", "POST"])
@admin_page
def member_role(request: TeamRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    member = get_object_or_404(Membership.objects.current().select_related("user", "team"), pk=pk)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if form.is_valid():
        try:
            role = form.cleaned_data["role"]
            changed = memberships.change_role(member, role=role, by=request.user, now=clock.now())
        except memberships.ManagesElsewhere as error:
            form.add_error("role", why_not(error))
        else:
            names = {"name": member.user.name, "role": changed.get_role_display()}
            status(request, _("%(name)s: %(role)s.") % names)
            return redirect("accounts:team", slug=member.team.slug)
    page = {"form": form, "member": member}
    return render(request, "accounts/member_role.html", page, status=422 if form.is_bound else 200)


@require_POST
@admin_page
def member_leave(request: TeamRequest, pk: int) -> HttpResponse:
    """End a membership; the person can still sign in."""
    member = get_object_or_404(Membership.objects.current().select_related("user", "team"), pk=pk)
    memberships.end(member, by=request.user, now=clock.now())
    status(request, _("%(name)s is no longer in the team.") % {"name": member.user.name})
    return redirect("accounts:team", slug=member.team.slug)


@require_http_methods(["GET", "POST"])
@admin_page
def deactivate(request: TeamRequest, pk: int) -> HttpResponse:
    """Ask, then close a leaver's account; the status line offers to take it back."""
    user = get_object_or_404(User.objects.filter(is_active=True).exclude(pk=request.user.pk), pk=pk)
    if request.method == "GET":
        page = {"person": user, "teams": people.teams_of(user), "next": back_to(request, "")}
        return render(request, "accounts/person_deactivate.html", page)
    undo = reverse("accounts:reactivate", args=[user.pk])
    said = _("%(name)s can no longer sign in. What they did stays.") % {"name": user.name}
    return _act(request, lambda: people.deactivate(user, by=request.user, now=clock.now()), said, undo)


@require_POST
@admin_page
def reactivate(request: TeamRequest, pk: int) -> HttpResponse:
    """Let a person in again."""
    user = get_object_or_404(User, pk=pk, is_active=False)
    said = _("%(name)s can sign in again.") % {"name": user.name}
    return _act(request, lambda: people.reactivate(user, by=request.user, now=clock.now()), said)


@require_POST
@admin_page
def make_admin(request: TeamRequest, pk: int) -> HttpResponse:
    """Give somebody the organisation's keys."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    said = _("%(name)s is now an organisation admin.") % {"name": user.name}
    undo = reverse("accounts:unmake_admin", args=[user.pk])
    return _act(request, lambda: people.make_admin(user, by=request.user, now=clock.now()), said, undo)


@require_POST
@admin_page
def unmake_admin(request: TeamRequest, pk: int) -> HttpResponse:
    """Take the organisation's keys back."""
    user = get_object_or_404(User, pk=pk, is_admin=True)
    said = _("%(name)s is no longer an organisation admin.") % {"name": user.name}
    return _act(request, lambda: people.unmake_admin(user, by=request.user, now=clock.now()), said)


def _act(request: TeamRequest, act: Callable[[], None], said: str, undo_url: str = "") -> HttpResponse:
    """Do it, say it, and go back to the list it was asked from."""
    try:
        act()
    except people.LastAdmin as error:
        status(request, why_not(error), level=messages.ERROR)
    else:
        status(request, said, undo_url=undo_url)
    if not User.objects.filter(pk=request.user.pk, is_admin=True).exists():  # gave up their own keys
        return redirect("accounts:me")
    return redirect(back_to(request, reverse("accounts:people_list")))

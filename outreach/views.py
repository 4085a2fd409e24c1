"""Writing, moving and cancelling posts. The page that lists them shows the presence too: communitycrm/pages/posts.py."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import TeamRequest
from accounts.models import Operation, Team
from accounts.permissions import team_page
from foundation import clock
from foundation.formatting import day_and_time, day_month
from foundation.htmx import redirect
from foundation.inputs import row_ids
from foundation.meanwhile import ChangedMeanwhile
from foundation.messages import status
from outreach import known, planning
from outreach.forms import KnownUntilForm, MoveForm, PostForm, first_values, values_of
from outreach.models import Post


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request: TeamRequest) -> HttpResponse:
    """Write a post: one's own or the team's; a lead may write for a CM. ?event=: the meeting it comes of."""
    now, team = clock.now(), cast("Team", request.team)
    event = next(iter(row_ids([request.GET.get("event", "")])), None)
    form = PostForm(
        request.POST or None,
        team=team,
        user=request.user,
        leads=_leads(request, team),
        meetings=planning.meetings_to_tell_of(team, request.user, now, event),
    )
    first = first_values(user=request.user, people=form.people, now=now)
    form.initial = {"client_id": uuid.uuid4(), "occurrence": event, **first}
    if request.method == "POST" and form.is_valid():
        post, operation = planning.schedule(
            team=team, by=request.user, client_id=form.cleaned_data["client_id"], now=now, **form.written()
        )
        return _done(request, _said(post), operation)
    return _form_page(request, form, None)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: TeamRequest, pk: int) -> HttpResponse:
    """Change a post. One that went out keeps a time in the past."""
    now, post = clock.now(), _writable(request, pk)
    form = PostForm(
        request.POST or None,
        team=post.team,
        user=request.user,
        leads=_leads(request, post.team),
        meetings=planning.meetings_to_tell_of(post.team, request.user, now, post.occurrence_id),
        post=post,
        initial=values_of(post),
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            operation = planning.edit(post=post, by=request.user, now=now, seen=seen, **form.written())
            return _done(request, _said(post), operation)
        except planning.CannotMove:
            form.add_error("on", _("It went out: its day cannot lie ahead any more."))
        except ChangedMeanwhile as meanwhile:
            form.come_back(meanwhile.state)
    return _form_page(request, form, post)


@team_page
@require_POST
def post_cancel(request: TeamRequest, pk: int) -> HttpResponse:
    """It will not go out, or did not; with Undo."""
    return _act(request, pk, planning.cancel, _("The post is cancelled."))


@team_page
@require_POST
def post_restore(request: TeamRequest, pk: int) -> HttpResponse:
    """It goes out after all."""
    return _act(request, pk, planning.restore, _("The post is back."))


@team_page
@require_POST
def post_move(request: TeamRequest, pk: int) -> HttpResponse:
    """By a day or a week, at the same time."""
    return _move(request, [_writable(request, pk)])


@team_page
@require_POST
def posts_move(request: TeamRequest) -> HttpResponse:
    """All the posts that are ticked, or none of them."""
    wanted = row_ids(request.POST.getlist("post"))
    team = cast("Team", request.team)
    writable = Post.objects.visible_to(request.user).filter(team=team, pk__in=wanted)
    writable = writable.writable_by(request.user, leads=_leads(request, team))
    return _move(request, list(writable.select_related("team", "manager")))


@team_page
@require_POST
def known_until(request: TeamRequest) -> HttpResponse:
    """ "That is all until ...": of one's own posts, or of the team's."""
    form, team = KnownUntilForm(request.POST), cast("Team", request.team)
    if not form.is_valid():
        status(request, _("Please give a day, such as 2026-12-31."), level=messages.WARNING)
        return redirect(request, _back(request))
    manager = request.user if form.cleaned_data["whose"] == "mine" else None
    day = form.cleaned_data["day"]
    known.say_until(team=team, manager=manager, day=day, by=request.user, now=clock.now())
    said = _("Understood: that is all until %(day)s.") % {"day": day_month(day, get_language() or "en")}
    return _done(request, said, None)


def _move(request: TeamRequest, posts: list[Post]) -> HttpResponse:
    form = MoveForm(request.POST)
    if not posts or not form.is_valid():
        status(request, _("Choose the posts to move."), level=messages.INFO)
        return redirect(request, _back(request))
    try:
        operation = planning.move(
            posts=posts, days=form.cleaned_data["days"], by=request.user, now=clock.now()
        )
    except planning.CannotMove:
        status(
            request,
            _("Only posts still to come can be moved: what went out stays where it is."),
            level=messages.WARNING,
        )
        return redirect(request, _back(request))
    if len(posts) == 1:
        return _done(request, _("Moved to %(when)s.") % {"when": _when(posts[0])}, operation)
    said = ngettext("%(n)d post moved.", "%(n)d posts moved.", len(posts)) % {"n": len(posts)}
    return _done(request, said, operation)


def _act(request: TeamRequest, pk: int, act: Callable[..., Operation], said: str) -> HttpResponse:
    """Do one thing to a post that the person may write. A second click finds it done and says the same."""
    try:
        operation = act(post=_writable(request, pk), by=request.user, now=clock.now())
    except planning.CannotChange:
        return _done(request, said, None)
    return _done(request, said, operation)


def _done(request: TeamRequest, said: str, operation: Operation | None) -> HttpResponse:
    undo = reverse("accounts:undo", args=[operation.pk]) if operation else ""
    status(request, said, undo_url=undo)
    return redirect(request, _back(request))


def _form_page(request: TeamRequest, form: PostForm, post: Post | None) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "post": post,
        "chosen": row_ids(form["channel"].value() or []),
    }
    return render(request, "outreach/post_form.html", context, status=422 if form.errors else 200)


def _writable(request: TeamRequest, pk: int) -> Post:
    """Posts are seen by the whole team; written by their author, the team's by anybody of it, all by the lead."""
    seen = Post.objects.visible_to(request.user).select_related("team", "manager")
    post = get_object_or_404(seen.prefetch_related("channels"), pk=pk)
    if not post.may_be_written_by(request.user, leads=_leads(request, post.team)):
        raise PermissionDenied
    return post


def _leads(request: TeamRequest, team: Team) -> bool:
    """Whether the person leads the post's team, which need not be the one they look at."""
    return any(one.is_lead and one.team_id == team.pk for one in request.memberships)


def _back(request: TeamRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("posts")


def _when(post: Post) -> str:
    return day_and_time(timezone.localtime(post.publish_at), get_language() or "en")


def _said(post: Post) -> str:
    if post.publish_at is None:
        return _("Kept as a draft.")
    if post.status == "draft":
        return _("Kept as a draft for %(when)s.") % {"when": _when(post)}
    return _("Post noted: %(when)s.") % {"when": _when(post)}

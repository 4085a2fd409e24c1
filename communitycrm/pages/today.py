"""Today: who was just seen, where one stands, whom to see again, what is coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.http import TeamRequest
from accounts.models import Team, User
from accounts.people import nobody_yet
from accounts.permissions import login_required
from communitycrm.pages import agenda, mailbox
from contacts import faces
from contacts.faces import Face
from contacts.models import Promise
from contacts.rhythm import Suggestion
from events import attendance, planning
from events.asking import Stopped
from events.models import Occurrence
from foundation import clock
from outreach.launches.nearest import Ahead
from outreach.models import Post
from ratio import offers, overview, presence
from ratio.models import Offer

FACES = 4


@dataclass
class Today:
    """What the page shows of one person's day in one team."""

    faces: Sequence[Face]
    to_answer: list[Occurrence]
    stopped: list[Stopped]
    promises: list[Promise]
    suggestions: list[Suggestion]
    coming: list[Occurrence]
    next_posts: list[Post]
    launch: Ahead | None
    card: presence.Card | None
    team: overview.TeamFigures | None
    offers: list[Offer]
    waiting: int

    @property
    def is_first_day(self) -> bool:
        """Nobody met yet and nothing planned: the page says how to begin instead of showing empty cards."""
        return not (self.faces or self.coming or self.to_answer or self.suggestions or self.offers)


def of_person(user: User, team: Team, *, is_manager: bool, is_lead: bool, now: datetime) -> Today:
    """Today's page for one person, in a constant number of queries."""
    day = agenda.of_person(user, team, now)
    over = attendance.to_answer(team, user, now)
    offered = offers.to_answer(user, team, now) if is_manager and day.has_offers else []
    attendance.bring_guests([*over, *(offer.occurrence for offer in offered if offer.occurrence)])
    return Today(
        faces=faces.recent_faces(team=team, user=user, now=now, limit=FACES),
        to_answer=over,
        stopped=day.stopped,
        promises=day.promises,
        suggestions=planning.to_see(team=team, user=user, now=now, has_rules=day.has_rules),
        coming=day.coming,
        next_posts=day.posts,
        launch=day.launch,
        card=presence.card(user, team, now) if is_manager else None,
        team=overview.team_figures(team, now) if is_lead else None,
        offers=offered,
        waiting=day.waiting,
    )


@require_safe
def today(request: TeamRequest) -> HttpResponse:
    """The first page. Before anybody exists it is the welcome page; signed out, the sign-in."""
    if not request.user.is_authenticated and nobody_yet():
        return redirect("accounts:welcome")
    return _today(request)


@login_required
def _today(request: TeamRequest) -> HttpResponse:
    membership, page = request.membership, None
    if request.team and membership:
        page = of_person(
            request.user,
            request.team,
            is_manager=membership.is_manager,
            is_lead=membership.is_lead,
            now=clock.now(),
        )
    shows_mail = request.user.is_admin and mailbox.is_open()
    context: dict[str, Any] = {"page": page, "shows_mail": shows_mail, "now": clock.now()}
    if page:
        context["waiting_count"] = page.waiting  # the bell's number came with the rest
    return render(request, "pages/today.html", context)

"""Everything that answers to some words: people and groups, dates, posts, pages; and a way to add who is missing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import InTeamRequest
from accounts.models import Team, User
from accounts.permissions import team_page
from contacts import search
from contacts.models import Contact
from contacts.names import fold
from events.models import Occurrence
from foundation import clock
from foundation.htmx import respond
from outreach.models import Post

SHOWN = 8


@dataclass(frozen=True)
class Found:
    """What answers to `q`. `pages` are (address, words)."""

    q: str
    contacts: list[Contact]
    occurrences: list[Occurrence]
    posts: list[Post]
    pages: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing does."""
        return not (self.contacts or self.occurrences or self.posts or self.pages)


@team_page
@require_safe
def search_page(request: InTeamRequest) -> HttpResponse:
    """The results for `?q=`; without words, the contacts added last."""
    q = request.GET.get("q", "").strip()[:100]
    found = of_words(q, team=request.team, user=request.user, now=clock.now()) if fold(q) else None
    latest = Contact.objects.of_team(request.team).select_related("kind").order_by("-pk")
    context = {"q": q, "found": found, "latest": [] if found else list(latest[:SHOWN])}
    return respond(request, "pages/search.html", context, fragment="results")


def of_words(q: str, *, team: Team, user: User, now: datetime) -> Found:
    """What answers to some words; at most five queries."""
    return Found(
        q=q,
        contacts=search.suggest(Contact.objects.of_team(team), q, limit=SHOWN),
        occurrences=list(_with_words(_occurrences(team, now), q, "title", "place")[:SHOWN]),
        posts=list(
            _with_words(Post.objects.visible_to(user).filter(team=team), q, "text").order_by("-publish_at")[
                :SHOWN
            ]
        ),
        pages=[(address, words) for address, words in pages(user) if fold(q) in fold(words)],
    )


def pages(user: User) -> list[tuple[str, str]]:
    """The sections a person may open, and what is done most, by their names."""
    found = [
        ("today", _("Today")),
        ("log", _("Note a meeting")),
        ("contacts:contact_list", _("Contacts")),
        ("contacts:contact_new", _("Add a contact")),
        ("contacts:bin", _("The bin")),
        ("calendar", _("Calendar")),
        ("events:occurrence_new", _("Plan a meeting")),
        ("posts", _("Posts")),
        ("outreach:post_new", _("New post")),
        ("ratio:presence", _("Presence")),
        ("ratio:how", _("How it is counted")),
        ("notifications:notification_list", _("Notifications")),
        ("accounts:me", _("My page")),
    ]
    if user.is_admin:
        found.append(("accounts:settings", _("Settings")))
    return [(reverse(name), capfirst(words)) for name, words in found]


def _occurrences(team: Team, now: datetime) -> QuerySet[Occurrence]:
    """The team's dates: the next ones first, then those that have been, the latest first."""
    to_come = Case(When(starts_at__gt=now, then=F("starts_at")))
    rows = Occurrence.objects.filter(team=team).standing().select_related("kind", "team")
    return rows.order_by(to_come.asc(nulls_last=True), "-starts_at")


def _with_words(rows: QuerySet, q: str, *fields: str) -> QuerySet:
    """Rows in which each word stands as it was typed, but for its case: these texts have no folded key."""
    for word in q.split():
        anywhere = Q()
        for name in fields:
            anywhere |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(anywhere)
    return rows

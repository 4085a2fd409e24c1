"""The pages that the sweep opens, and who opens them. `{person}` and the like become ids of rows of the demo."""

import uuid
from dataclasses import dataclass

from accounts.models import Team, User
from contacts.models import BulkRun, Contact, PrivacyRequest, Touchpoint
from events.models import Occurrence, Series
from foundation import clock
from outreach.models import Launch, Post, Relay


@dataclass(frozen=True)
class Page:
    """A page: the name of its screenshots, its address, the sign-in of the demo ("" for nobody), what it answers."""

    name: str
    path: str
    who: str = "under"
    status: int = 200
    is_photographed: bool = True

    def __str__(self) -> str:
        return self.name


PAGES = [
    Page("sign-in", "/auth/login/", who=""),
    Page("reset", "/auth/password/reset/", who=""),
    Page("today", "/"),
    Page("today-online", "/", who="online"),
    Page("today-new", "/", who="new"),
    Page("today-lead", "/", who="lead"),
    Page("today-admin", "/", who="admin"),
    Page("log", "/log/"),
    Page("log-edit", "/log/{touchpoint}/"),
    Page("contacts", "/contacts/"),
    Page("contacts-none", "/contacts/?q=zzzz"),
    Page("contacts-filtered", "/contacts/?show=groups&sort=met"),
    Page("search", "/search/?q=a"),
    Page("search-none", "/search/?q=zzzz", is_photographed=False),
    Page("contacts-bin", "/contacts/bin/"),
    Page("contacts-bulk", "/contacts/bulk/{many}/", is_photographed=False),
    Page("person", "/contacts/{person}/"),
    Page("group", "/contacts/{group}/"),
    Page("contact-new", "/contacts/new/"),
    Page("contact-edit", "/contacts/{person}/edit/"),
    Page("duplicates", "/contacts/duplicates/"),
    Page("merge", "/contacts/merge/{person}/{other_person}/"),
    Page("same-as", "/contacts/{person}/same/", is_photographed=False),
    Page("imports", "/imports/", who="admin"),
    Page("import-new", "/imports/new/", who="admin"),
    Page("to-inform", "/contacts/to-inform/"),
    Page("retention", "/contacts/retention/", who="lead"),
    Page("privacy", "/privacy/", who="admin"),
    Page("privacy-request", "/privacy/{privacy_request}/", who="admin"),
    Page("privacy-erase", "/privacy/{privacy_request}/erase/", who="admin"),
    Page("privacy-new", "/privacy/new/", who="admin", is_photographed=False),
    Page("privacy-held", "/privacy/held/", who="admin", is_photographed=False),
    Page("posts", "/posts/"),
    Page("post-new", "/posts/new/"),
    Page("post-import", "/posts/import/"),
    Page("launches", "/launches/"),
    Page("launch-ahead", "/launches/{launch_ahead}/"),
    Page("launch-new", "/launches/new/"),
    Page("launch-relays", "/launches/{launch_out}/relays/"),
    Page("launch-after", "/launches/{launch_out}/after/"),
    Page("launch-picture", "/launches/{launch_out}/picture/"),
    Page("launch-picture-ahead", "/launches/{launch_ahead}/picture/"),
    Page("presence", "/presence/"),
    Page("presence-on-target", "/presence/", who="on-target"),
    Page("presence-online", "/presence/", who="online"),
    Page("presence-new", "/presence/", who="new"),
    Page("counted", "/presence/counted/"),
    Page("year", "/presence/year/"),
    Page("year-months", "/presence/year/?by=month"),
    Page("seen", "/presence/seen/"),
    Page("measured", "/presence/measured/"),
    Page("team-presence-year", "/teams/{team}/presence/?weeks=52&compare=1", who="lead"),
    Page("team-presence-table", "/teams/{team}/presence/?view=table", who="lead"),
    Page("team-presence-admin", "/teams/{team}/presence/", who="admin"),
    Page("report", "/teams/{team}/presence/report/", who="lead"),
    Page("help-offer", "/teams/{team}/presence/{member}/help/", who="lead"),
    Page("team-presence", "/teams/{team}/presence/", who="lead"),
    Page("member-presence", "/teams/{team}/presence/{member}/", who="lead"),
    Page("calendar", "/calendar/"),
    Page("feeds", "/calendar/feeds/"),
    Page("calendars", "/calendar/others/"),
    Page("calendar-import", "/calendar/import/"),
    Page("calendar-new", "/calendar/others/new/", is_photographed=False),
    Page("occurrence", "/events/{occurrence}/"),
    Page("occurrence-to-answer", "/events/{to_answer}/", who="online"),
    Page("occurrence-noted", "/events/{noted}/"),
    Page("occurrence-new", "/events/new/"),
    Page("series-list", "/series/"),
    Page("series-new", "/series/new/?format=apero"),
    Page("series", "/series/{apero}/"),
    Page("series-edit", "/series/{series}/edit/"),
    Page("calendar-everybody", "/calendar/?who=all"),
    Page("notifications", "/notifications/", who="online"),
    Page("preferences", "/notifications/preferences/"),
    Page("delivery", "/settings/delivery/", who="admin"),
    Page("me", "/me/"),
    Page("settings", "/settings/", who="admin"),
    Page("settings-lead", "/settings/", who="lead"),
    Page("team", "/settings/teams/{team}/", who="admin"),
    Page("policy", "/settings/presence/", who="lead"),
    Page("kinds", "/settings/kinds/", who="admin"),
    Page("rhythm", "/settings/rhythm/", who="lead"),
    Page("how", "/presence/how/"),
    Page("not-found", "/nothing-here/", status=404),
]
# Looked at by axe and by the ruler, without a picture: forms like those above.
FORMS = [
    ("", "/auth/password/reset/done/"),
    ("under", "/auth/password/change/"),
    ("under", "/auth/email/"),
    ("under", "/events/{occurrence}/edit/"),
    ("under", "/posts/{post}/edit/"),
    ("under", "/launches/{launch_ahead}/edit/"),
    ("under", "/launches/{launch_ahead}/choose/"),
    ("under", "/launches/{launch_ahead}/plan/"),
    ("under", "/launches/{launch_ahead}/after/"),
    ("under", "/launches/{launch_ahead}/analytics/"),
    ("under", "/launches/{launch_out}/relays/{relay}/"),
    ("under", "/presence/leave/"),
    ("under", "/presence/context/"),
    ("under", "/presence/posts/{past_post}/contest/"),
    ("under", "/presence/posts/{past_post}/take-out/"),
    ("admin", "/settings/delivery/?shelf=held"),
    ("lead", "/teams/{team}/presence/{member}/posts/{past_post}/take-out/"),
    ("lead", "/settings/presence/targets/new/"),
    ("admin", "/settings/presence/people/"),
    ("admin", "/settings/audit/"),
    ("admin", "/settings/people/"),
    ("admin", "/settings/admins/invite/"),
    ("admin", "/settings/teams/new/"),
    ("admin", "/settings/teams/{team}/edit/"),
    ("admin", "/settings/teams/{team}/invite/"),
    ("new", "/settings/audit/", 403),
]
PAGES += [Page(path, path, who, *status, is_photographed=False) for who, path, *status in FORMS]


def ids(user: User) -> dict[str, object]:
    """What stands in the braces of the paths: rows of the demo, chosen so that their pages are full."""
    team = Team.objects.get()
    contacts = Contact.objects.filter(team=team, binned_at=None)
    touchpoints = Touchpoint.objects.filter(team=team, binned_at=None, participations__manager=user)
    mine = Occurrence.objects.filter(team=team, hosts=user)
    met = touchpoints.filter(contacts__is_group=False).order_by("-met_at").first()
    launches = Launch.objects.filter(team=team).order_by("day")
    many, _made = BulkRun.objects.get_or_create(
        team=team,
        by=user,
        token=uuid.UUID(int=1),
        defaults={"act": "contacts.bulk_tag", "count": 100_000, "created_at": clock.now()},
    )
    return {
        "many": many.pk,
        "launch_ahead": launches.last().pk,
        "launch_out": launches[1].pk,
        "relay": Relay.objects.filter(launch=launches[1]).first().pk,
        "team": team.slug,
        "member": user.pk,
        "person": met.contacts.filter(is_group=False).first().pk,
        "other_person": contacts.filter(is_group=False).order_by("pk").last().pk,
        "privacy_request": PrivacyRequest.objects.order_by("pk").first().pk,
        "group": contacts.filter(is_group=True).order_by("pk").first().pk,
        "touchpoint": touchpoints.order_by("-met_at").first().pk,
        "occurrence": mine.filter(series=None).order_by("-starts_at").first().pk,
        "to_answer": Occurrence.objects.filter(team=team).not_yet_noted(clock.now()).first().pk,
        "noted": mine.filter(outcome="took_place").order_by("-starts_at").first().pk,
        "series": Series.objects.filter(team=team, hosts=user).first().pk,
        "apero": Series.objects.get(team=team, kind__code="apero").pk,
        "past_post": Post.objects.filter(team=team, manager=user).order_by("publish_at").first().pk,
        "post": Post.objects.filter(team=team, manager=user).order_by("-publish_at").first().pk,
    }

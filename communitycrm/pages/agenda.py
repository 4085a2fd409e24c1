"""What a person's day holds of several rooms, asked in one query: promises due, dates, posts and a launch to come, whether
there is anything else worth asking for. Rows of the usual models, with only the fields that Today shows.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from accounts.models import Team, User
from contacts import promises
from contacts.models import Contact, Promise, RhythmRule, TouchpointKind
from events import asking
from events.asking import Stopped
from events.models import Occurrence, Series
from foundation.compiled import Compiled, given
from notifications.models import Notification
from outreach.launches import nearest
from outreach.launches.nearest import Ahead
from outreach.models import Launch, Post
from ratio.models import Offer

COMING, PROMISES = 3, 5
TRUE = ("1", "true")  # as the databases write it
_COLUMNS = ("sort", "row", "at", "day", "text", "name", "code", "icon", "place", "other")


@dataclass
class Agenda:
    """The day's lines, each in its order. `waiting`: new notifications; `has_...`: worth a query of its own."""

    promises: list[Promise] = field(default_factory=list)
    coming: list[Occurrence] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    launch: Ahead | None = None
    stopped: list[Stopped] = field(default_factory=list)
    waiting: int = 0
    has_offers: bool = False
    has_rules: bool = False


def of_person(user: User, team: Team, now: datetime) -> Agenda:
    """What the day of one person holds; one query."""
    today = now.astimezone(team.zone).date()
    day = now.astimezone(user.zone).date()
    found = _asked().rows(user=user, team=team, now=now, today=today, day=day)
    agenda = Agenda()
    for values in found:
        _put(agenda, dict(zip(_COLUMNS, values, strict=True)), team, today)
    agenda.promises.sort(key=lambda promise: (promise.due_on, promise.pk))
    agenda.coming.sort(key=lambda date: (date.starts_at, date.pk))
    agenda.posts.sort(key=lambda post: (post.publish_at, post.pk))
    return agenda


@cache
def _asked() -> Compiled:
    user, team, now = given("user"), given("team"), given("now")
    due = promises.due(team=team, user=user, day=given("day"))
    launches, told = nearest.to_come(team, given("today")), nearest.figures()
    coming = Occurrence.objects.filter(team=team, hosts=user).upcoming(now)
    posts = Post.objects.filter(team=team, manager=user).to_come(now)
    series = Series.objects.filter(team=team).hosted_by(user)
    parts = [
        _rows(User.objects.filter(pk=user), "person", **_person(user, team, now)),
        _rows(
            _first(due, PROMISES),
            "promise",
            day=F("due_on"),
            text=F("text"),
            name=F("contact__name"),
            other=F("contact"),
        ),
        _rows(
            _first(coming, COMING),
            "date",
            at=F("starts_at"),
            text=F("title"),
            name=F("kind__name"),
            code=F("kind__code"),
            icon=F("kind__icon"),
            place=F("place"),
            other=Cast("is_all_day", IntegerField()),
        ),
        _rows(_first(posts, COMING), "post", at=F("publish_at"), text=F("text")),
        _rows(
            asking.idle(series, now),
            "stopped",
            text=F("title"),
            name=F("kind__name"),
            code=F("kind__code"),
            icon=F("kind__icon"),
            other=Cast("is_idle", IntegerField()),
        ),
        _rows(
            _first(launches, 1),
            "launch",
            day=F("day"),
            text=F("name"),
            name=told["met"],
            code=told["others"],
            other=told["total"],
        ),
    ]
    return Compiled(parts[0].union(*parts[1:], all=True))


def _person(user: Any, team: Any, now: Any) -> dict[str, Any]:
    """What stands in the person's own row: the number beside the bell, and two flags."""
    new = Notification.objects.visible_to(user).waiting(now).unread().order_by()
    counted = new.annotate(everybody=Value(1)).values("everybody").annotate(n=Count("pk")).values("n")
    offers = Offer.objects.filter(manager=user, team=team, answer="")
    return {
        "other": Coalesce(Subquery(counted), 0),
        "text": Cast(Exists(offers), CharField()),
        "name": Cast(Exists(RhythmRule.objects.filter(team=team)), CharField()),
    }


def _first(rows: QuerySet[Any], count: int) -> QuerySet[Any]:
    """The first few of some rows. SQLite takes no limit in a part of a union, but in what such a part asks for."""
    return rows.model._default_manager.filter(pk__in=rows.values("pk")[:count])


def _rows(rows: QuerySet[Any], sort: str, **given: Any) -> QuerySet[Any, Any]:
    """Rows in the columns that all parts share; what is not given is empty."""
    nothing: dict[str, Any] = {
        "at": Cast(Value(None), DateTimeField()),
        "day": Cast(Value(None), DateField()),
        "other": Cast(Value(None), IntegerField()),
    }
    columns: list[Any] = [Value(sort, CharField()), F("pk")]
    for name in _COLUMNS[2:]:
        value = given.get(name)
        if name in nothing:
            columns.append(nothing[name] if value is None else value)
        else:
            columns.append(Value("", TextField()) if value is None else Cast(value, TextField()))
    return rows.order_by().values_list(*columns)


def _put(agenda: Agenda, row: dict[str, Any], team: Team, today: date) -> None:
    """Give one row its place, as the model it came from."""
    pk, text = row["row"], row["text"]
    if row["sort"] == "promise":
        contact = Contact(pk=row["other"], name=row["name"])
        agenda.promises.append(Promise(pk=pk, text=text, due_on=row["day"], contact=contact))
    elif row["sort"] == "date":
        kind = TouchpointKind(name=row["name"], code=row["code"], icon=row["icon"])
        moment = {"team": team, "starts_at": row["at"], "is_all_day": bool(row["other"])}
        agenda.coming.append(Occurrence(pk=pk, title=text, kind=kind, place=row["place"], **moment))
    elif row["sort"] == "launch":
        launch = Launch(pk=pk, name=text, day=row["day"])
        are_groups = row["code"] not in TRUE
        agenda.launch = Ahead(launch, int(row["name"]), row["other"], are_groups, today)
    elif row["sort"] == "stopped":
        kind = TouchpointKind(name=row["name"], code=row["code"], icon=row["icon"])
        agenda.stopped.append(Stopped(Series(pk=pk, title=text, kind=kind), bool(row["other"]), None))
    elif row["sort"] == "post":
        agenda.posts.append(Post(pk=pk, text=text, publish_at=row["at"]))
    else:
        agenda.waiting = row["other"]
        agenda.has_offers, agenda.has_rules = row["text"] in TRUE, row["name"] in TRUE

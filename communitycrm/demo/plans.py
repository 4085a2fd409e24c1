"""What comes next in the demo: dates in the calendar, promises to keep, posts that went out and posts to come."""

import random
from datetime import timedelta

from accounts.models import User
from communitycrm.demo import story
from communitycrm.demo.calendar import BLOCKS, TO_COME, Calendar, blocks, identity
from communitycrm.demo.people import Cast
from contacts.models import Contact, Promise, Touchpoint, TouchpointKind
from contacts.names import fold
from events import planning
from events.models import Attendance, Occurrence, Reply
from outreach.models import Channel, Post, Status

THURSDAY, SATURDAY, MONDAY, WEDNESDAY = 3, 5, 0, 2
REPLIES = (Reply.COMING, Reply.COMING, Reply.COMING, Reply.MAYBE, Reply.INVITED, Reply.COMING, Reply.MAYBE)


def build_plans(cast: Cast, calendar: Calendar) -> None:
    """An apéro of the webzines, interviews, coffees; and one evening of which nobody has said yet how it went."""
    users = cast.users
    webzines = [cast.members.get(contact.pk, contact) for contact in cast.of_kind("webzine")]
    thursday = calendar.weekday(THURSDAY, after=2)
    _plan(
        cast,
        calendar,
        "apero",
        users["online"],
        "Apéro des webzines",
        thursday,
        (18, 30),
        webzines,
        "Le Sémaphore, Caen",
    )
    _plan(
        cast,
        calendar,
        "interview",
        users["online"],
        "Interview : Brume salée",
        calendar.weekday(MONDAY, after=5),
        (14, 0),
        [cast.contacts["Jo Bernières"], cast.contacts["Brume salée"]],
        "Studio B",
    )
    _plan(
        cast,
        calendar,
        "concert",
        users["on-target"],
        "Signal faible au Sémaphore",
        calendar.weekday(SATURDAY),
        (21, 0),
        [cast.contacts["Oumar Sy"], cast.contacts["Yann Le Goff"]],
        "Le Sémaphore, Caen",
    )
    _plan(
        cast,
        calendar,
        "meeting",
        users["under"],
        "Préparer le plateau découverte",
        calendar.weekday(WEDNESDAY, after=2),
        (15, 0),
        [cast.contacts["Nora Quesnel"]],
        "Cherbourg-en-Cotentin",
    )
    _plan(
        cast,
        calendar,
        "coffee",
        users["new"],
        "Café avec l’antenne",
        calendar.weekday(MONDAY, after=2),
        (9, 30),
        [cast.contacts["Bilal Haddad"]],
        "Cuisine du troisième",
    )
    _plan(
        cast,
        calendar,
        "visit",
        users["online"],
        "Répétition des Falaises",
        -1,
        (20, 0),
        [cast.contacts["Mathilde Roussel"], cast.contacts["Les Falaises"]],
        "Le Havre",
    )


def _plan(
    cast: Cast,
    calendar: Calendar,
    code: str,
    host: User,
    title: str,
    days: int,
    hour: tuple[int, int],
    guests: list[Contact],
    place: str,
) -> Occurrence:
    occurrence, _ = planning.plan(
        team=cast.team,
        by=host,
        client_id=identity("plan", title),
        kind=TouchpointKind.objects.get(team=None, code=code),
        starts_at=calendar.at(days, *hour),
        now=calendar.now - timedelta(days=6),
        contacts=guests,
        hosts=[host],
        title=title,
        place=place,
        minutes=120,
    )
    for guest, reply in zip(guests, REPLIES, strict=False):
        Attendance.objects.filter(occurrence=occurrence, contact=guest).update(reply=reply)
    return occurrence


def build_promises(cast: Cast, calendar: Calendar, chance: random.Random) -> None:
    """Something said at a recent meeting for each CM: one due today, one later, one done."""
    for key in BLOCKS:
        user = cast.users[key]
        met = list(
            Touchpoint.objects.filter(managers=user, colleagues_only=False).order_by("-met_at", "pk")[:3]
        )
        for number, (touchpoint, days) in enumerate(zip(met, (0, 4, -6), strict=False)):
            contact = touchpoint.contacts.order_by("pk")[0]
            Promise.objects.create(
                team=cast.team,
                contact=contact,
                touchpoint=touchpoint,
                manager=user,
                text=story.PROMISES[(number + chance.randrange(len(story.PROMISES))) % len(story.PROMISES)],
                due_on=calendar.today + timedelta(days=days),
                client_id=identity("promise", key, number),
                created_at=touchpoint.created_at,
                done_at=calendar.now - timedelta(days=5) if days < 0 else None,
            )


def build_posts(cast: Cast, calendar: Calendar, chance: random.Random) -> None:
    """What went out as BLOCKS says, what is to come as TO_COME says, a draft, and one that was cancelled."""
    channels = [Channel.objects.create(team=cast.team, name=name, key=fold(name)) for name in story.CHANNELS]
    told = [
        (key, -back)
        for key in BLOCKS
        for _, online, days in blocks(key)
        for back in _spread(online, days, chance)
    ]
    told += [(key, days) for key, all_days in TO_COME.items() for days in all_days]
    texts = list(story.POSTS)
    posts = []
    for number, (key, days) in enumerate(told):
        hour, minute = chance.choice(((8, 30), (12, 0), (12, 30), (17, 45), (18, 30)))
        posts.append(
            Post(
                team=cast.team,
                manager=cast.users.get(key),
                text=texts[(number * 7) % len(texts)],
                publish_at=calendar.at(days, hour, minute),
                status=Status.SCHEDULED,
                created_by=cast.users.get(key),
                client_id=identity("post", number),
                created_at=calendar.now - timedelta(days=max(1, 10 - days)),
            )
        )
    draft = {
        "team": cast.team,
        "manager": cast.users["online"],
        "created_by": cast.users["online"],
        "created_at": calendar.now,
    }
    posts.append(
        Post(
            text="Brouillon : bilan de l’année en dix concerts.",
            status=Status.DRAFT,
            client_id=identity("draft"),
            **draft,
        )
    )
    posts.append(
        Post(
            text=texts[3],
            publish_at=calendar.at(4, 12),
            status=Status.CANCELLED,
            client_id=identity("cancelled"),
            **draft,
        )
    )
    Post.objects.bulk_create(posts)
    through = Post.channels.through
    through.objects.bulk_create(
        through(post_id=post.pk, channel_id=channel.pk)
        for post in posts
        for channel in chance.sample(channels, k=chance.choice((1, 2, 2, 3)))
    )


def _spread(count: int, days: range, chance: random.Random) -> list[int]:
    """`count` days out of a block's, each once before any twice."""
    whole, rest = divmod(count, len(days))
    return [*list(days) * whole, *chance.sample(list(days), k=rest)]

"""Posts as the rows say them."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Team, User
from outreach.models import Channel, Post
from tests.cast import NOW


def make_post(
    team: Team,
    manager: User | None = None,
    publish_at: datetime | None = NOW + timedelta(days=1),
    text: str = "Ce soir au Bocal",
    channels: tuple[str, ...] = (),
    **fields: Any,
) -> Post:
    post = Post.objects.create(
        team=team, manager=manager, text=text, publish_at=publish_at, **{"created_at": NOW, **fields}
    )
    for name in channels:
        post.channels.add(
            Channel.objects.get_or_create(team=team, key=name.casefold(), defaults={"name": name})[0]
        )
    return post

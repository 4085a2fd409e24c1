"""What we say online, and the days we prepare by meetings."""

from outreach.models.launch import Answer, Approach, ApproachQuerySet, Launch, LaunchQuerySet
from outreach.models.posts import (
    COUNTING,
    Channel,
    Post,
    PostQuerySet,
    PostsKnownUntil,
    ScheduleUpload,
    Status,
)
from outreach.models.relay import Click, ClicksOfDay, Relay
from outreach.models.visits import Analytics, Origin, Service, Told, Visitors

__all__ = [
    "COUNTING",
    "Analytics",
    "Answer",
    "Approach",
    "ApproachQuerySet",
    "Channel",
    "Click",
    "ClicksOfDay",
    "Launch",
    "LaunchQuerySet",
    "Origin",
    "Post",
    "PostQuerySet",
    "PostsKnownUntil",
    "Relay",
    "ScheduleUpload",
    "Service",
    "Status",
    "Told",
    "Visitors",
]

"""What the formats share: a post as a file says it, and how its columns are said."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from datetime import datetime

from contacts.imports.errors import ReadingError
from contacts.imports.rows import Rejected

DRAFT, SCHEDULED, PUBLISHED, FAILED, CANCELLED = "draft", "scheduled", "published", "failed", "cancelled"


class AmbiguousDateOrder(ReadingError):
    """No date of the file shows whether day or month comes first: the person has to say."""


class UnknownFormat(ReadingError):
    """No format is recognised by its headers: the person has to say which column holds what."""


@dataclass(frozen=True, slots=True)
class ScheduledPost:
    """One post of the file. `publish_at` is a local time without zone, or aware where the file gives an offset, or
    None; `status` is one of the five above; `line` is the first line that says it."""

    text: str
    channels: tuple[str, ...]
    publish_at: datetime | None
    status: str
    line: int
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that a file says. `read` counts rows: `posts` may be fewer where one post stands on several rows.

    `rows` gives for each post how many rows it was made of, in the order of `posts`.
    """

    format: str
    read: int
    posts: list[ScheduledPost]
    rows: list[int]
    rejected: list[Rejected]
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds what, by index. Either `at` holds day and time, or `day` and `time` do.

    `flags` are columns that hold yes or no for a channel; `instead` are columns whose content stands for a post
    without a text (a link, a picture).
    """

    text: int
    at: int | None = None
    day: int | None = None
    time: int | None = None
    channels: int | None = None
    flags: Dictionary[int, str] = field(default_factory=dict)
    status: int | None = None
    draft: int | None = None
    external_id: int | None = None
    instead: tuple[int, ...] = ()

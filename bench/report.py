"""The rows of the table: each beside the limit it is held against, and the goal as a multiple of that limit."""

import time
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection

from bench import limits, measures
from bench.seed import SIZES, Seeded, seed
from contacts.models import TouchpointKind
from foundation import clock


@dataclass(frozen=True)
class Row:
    """One measurement. `unit` is "ms" (less is better) or "/s" (more is better); `goal` in words."""

    name: str
    value: float
    unit: str
    queries: int | None = None
    limit: float | None = None
    limit_name: str = ""
    goal: str = ""

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """As text: name, figure, queries, limit, its name and the multiple, goal."""
        times = ""
        if self.limit:
            ratio = self.value / self.limit
            times = f"{ratio:.1f} x" if self.unit == "ms" else f"{ratio:.2f} x"
        limit = f"{self.limit:,.1f} {self.unit}" if self.limit is not None else ""
        queries = "" if self.queries is None else str(self.queries)
        return (
            self.name,
            f"{self.value:,.1f} {self.unit}",
            queries,
            f"{limit} {self.limit_name}".strip(),
            times,
            self.goal,
        )


def prepare(size_name: str) -> tuple[Seeded, float]:
    """Migrate, seed, let the database look at its tables; (what was made, seconds it took)."""
    started = time.perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seeded = seed(SIZES[size_name], clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return seeded, time.perf_counter() - started


def pages(seeded: Seeded, port: int) -> list[Row]:
    """The pages, over gunicorn."""
    manager, lead = measures.Visitor(port, seeded.manager), measures.Visitor(port, seeded.lead)
    hello, rows = manager.p50("/bench/hello/"), manager.p50("/bench/rows/")
    one_insert = manager.p50("/bench/insert/", lambda: {"x": 1})
    index = limits.search_ms("brume")
    meeting = TouchpointKind.objects.get(team=None, code="meeting").pk
    note = measures.a_meeting(meeting, seeded.busiest.pk)
    contact, team = f"/contacts/{seeded.busiest.pk}/", f"/teams/{seeded.team.slug}/presence/"

    def page(
        visitor: measures.Visitor, name: str, path: str, limit: float, limit_name: str, goal: str
    ) -> Row:
        return Row(name, visitor.p50(path), "ms", visitor.queries(path), limit, limit_name, goal)

    return [
        page(manager, "home", "/", hello, "hello, signed in", "<= 25 ms, <= 12 queries"),
        page(manager, "contact list", "/contacts/", rows, "25 rows", "<= 5 x, <= 8 queries"),
        page(manager, "contact, 1,000 meetings", contact, rows, "25 rows", "<= 6 x, <= 10 queries"),
        page(manager, "search", "/contacts/?q=brume", index, "the query alone", "<= 25 ms"),
        Row(
            "note a meeting (POST)",
            manager.p50("/log/", note),
            "ms",
            manager.queries("/log/", note),
            one_insert,
            "one insert",
            "<= 4 x, <= 12 queries",
        ),
        page(manager, "own presence", "/presence/", hello, "hello, signed in", "<= 120 ms"),
        page(lead, "team presence, 20 people", team, hello, "hello, signed in", "<= 120 ms"),
    ]


def work(seeded: Seeded, size_name: str, smtp_port: int) -> list[Row]:
    """What workers and commands do."""
    size, now = SIZES[size_name], clock.now()
    bulk, copy = (
        limits.bulk_create_per_second(seeded.team, size.imported),
        limits.copy_per_second(seeded.team, size.imported),
    )
    imported = measures.import_per_second(seeded.team, size.imported, now)
    mails = limits.mails_per_second(smtp_port, size.reminders)
    plain = measures.plain_reminders_per_second(seeded.slipped, now)
    verdicts, presence = measures.presence_reminders_per_second(size.reminders, now)
    best, best_name = (copy, "COPY") if copy else (bulk, "bulk_create")
    return [
        Row("import, rows", imported, "/s", None, best, best_name, ">= 0.15 x COPY"),
        Row("verdicts of a day", verdicts, "/s"),
        Row("reminders, the protocol", plain, "/s", None, mails, "one connection", ">= 200 /s"),
        Row("reminders of presence", presence, "/s", None, mails, "one connection", ""),
    ]


def show(size_name: str, seconds: float, *groups: list[Row]) -> None:
    """Print the table."""
    size = SIZES[size_name]
    print(
        f"\n{connection.vendor}: {size.contacts:,} contacts, {size.touchpoints:,} meetings, 20 people x 52 weeks"
        f" (seeded in {seconds:.0f} s)\n"
    )
    head = ("work", "p50 or rate", "queries", "limit in this run", "multiple", "goal")
    lines = [head, *(row.cells() for group in groups for row in group)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip(),
            flush=True,
        )

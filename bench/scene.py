"""What the parts measure with: the seeded data, signed-in browsers, and what this machine allows, in the same run."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from bench import limits, measures
from bench.seed import Seeded, Size


@dataclass(frozen=True)
class Row:
    """One measurement. `unit` is "ms", "s", "MB" (less is better) or "/s" (more is better); `goal` in words."""

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
            times = f"{ratio:.2f} x" if self.unit == "/s" else f"{ratio:.1f} x"
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


@dataclass(frozen=True)
class Scene:
    """`manager` and `lead` are browsers on the running server; `hello`, `rows` and `insert` its least answers, in ms."""

    size: Size
    seeded: Seeded
    now: datetime
    port: int
    smtp_port: int
    crowd: int | None
    manager: measures.Visitor
    lead: measures.Visitor
    hello: float
    rows: float
    insert: float

    def visitor(self, user: User) -> measures.Visitor:
        """A browser signed in as somebody else."""
        return measures.Visitor(self.port, user)

    def page(
        self,
        name: str,
        path: str,
        goal: str,
        *,
        visitor: measures.Visitor | None = None,
        of_rows: bool = True,
    ) -> Row:
        """A page's median and its queries, beside the page of 25 rows, or (`of_rows` False) the one that says hello."""
        visitor = visitor or self.manager
        limit, limit_name = (self.rows, "25 rows") if of_rows else (self.hello, "hello, signed in")
        return Row(name, visitor.p50(path), "ms", visitor.queries(path), limit, limit_name, goal)


def look(size: Size, seeded: Seeded, *, port: int, smtp_port: int, crowd: int | None, now: datetime) -> Scene:
    """Sign the browsers in and measure what the server can do at best."""
    manager, lead = measures.Visitor(port, seeded.manager), measures.Visitor(port, seeded.lead)
    return Scene(
        size=size,
        seeded=seeded,
        now=now,
        port=port,
        smtp_port=smtp_port,
        crowd=crowd,
        manager=manager,
        lead=lead,
        hello=manager.p50(limits.HELLO_PATH),
        rows=manager.p50(limits.ROWS_PATH),
        insert=manager.p50(limits.INSERT_PATH, lambda: {"x": 1}),
    )

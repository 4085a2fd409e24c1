"""The table: what each part measured, each row beside its limit, and the goal as a multiple of that limit."""

import importlib
import pkgutil
import time
from collections.abc import Sequence
from types import ModuleType

from django.core.management import call_command
from django.db import connection

from bench import parts
from bench.scene import Row, Scene
from bench.seed import Seeded, Size, seed
from foundation import clock

HEAD = ("work", "p50 or rate", "queries", "limit in this run", "multiple", "goal")


def prepare(size: Size) -> tuple[Seeded, float]:
    """Migrate, seed, let the database look at its tables; (what was made, seconds it took)."""
    started = time.perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seeded = seed(size, clock.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return seeded, time.perf_counter() - started


def chosen(names: Sequence[str]) -> list[ModuleType]:
    """The parts of these names; all of them when none is named."""
    found = sorted(module.name for module in pkgutil.iter_modules(parts.__path__))
    return [importlib.import_module(f"bench.parts.{name}") for name in names or found]


def measure(modules: Sequence[ModuleType], of: str, scene: Scene) -> list[Row]:
    """The rows of those parts that have pages (`of` "pages") or work ("work")."""
    return [row for module in modules if hasattr(module, of) for row in getattr(module, of)(scene)]


def show(size: Size, seconds: float, rows: Sequence[Row]) -> None:
    """Print the table."""
    print(
        f"\n{connection.vendor}: {size.contacts:,} contacts, {size.touchpoints:,} meetings, 20 people x 52 weeks"
        f" (seeded in {seconds:.0f} s)\n"
    )
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    for line in lines:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip(),
            flush=True,
        )

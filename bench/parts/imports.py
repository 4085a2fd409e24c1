"""Contacts out of a file."""

from bench import limits, measures
from bench.scene import Row, Scene


def work(scene: Scene) -> list[Row]:
    """A file read, checked, matched, written, undoable; beside the database's own bulk roads."""
    team, count = scene.seeded.team, scene.size.imported
    bulk, copy = limits.bulk_create_per_second(team, count), limits.copy_per_second(team, count)
    best, best_name = (copy, "COPY") if copy else (bulk, "bulk_create")
    rate = measures.import_per_second(team, count, scene.now)
    return [Row("import, rows", rate, "/s", None, best, best_name, ">= 0.15 x COPY")]

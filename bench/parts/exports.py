"""All contacts on their way out, in each format; and many handled at once. `memory` is what it took beyond the start."""

import time
import uuid
from pathlib import Path

from django.db import transaction

from bench.scene import Row, Scene
from contacts import bulk, exports
from contacts.models import Contact, ExportFormat

FILES = (ExportFormat.EXCEL_CSV, ExportFormat.XLSX, ExportFormat.VCARD)


def work(scene: Scene) -> list[Row]:
    """Contacts a second, and memory, for the whole list; the bulk edits are rolled back."""
    team, by = scene.seeded.team, scene.seeded.manager
    ids = list(Contact.objects.of_team(team).order_by("sort_key", "pk").values_list("pk", flat=True))
    rows = []
    for into in FILES:
        before = peak = _memory()
        started = time.perf_counter()
        for _piece in exports.export(team=team, by=by, contact_ids=ids, into=into, now=scene.now):
            peak = max(peak, _memory())
        rate = len(ids) / (time.perf_counter() - started)
        rows.append(Row(f"export {into}, contacts", rate, "/s"))
        rows.append(Row(f"export {into}, memory", peak - before, "MB", goal="constant"))
    for name, do in (
        ("tag", lambda act: bulk.add_tags(act, ["bench"])),
        ("owner", lambda act: bulk.set_owner(act, scene.seeded.lead)),
    ):
        with transaction.atomic():
            started = time.perf_counter()
            done = do(bulk.Act(team=team, by=by, contact_ids=ids, token=uuid.uuid4(), now=scene.now))
            rows.append(Row(f"bulk {name}, contacts", done.count / (time.perf_counter() - started), "/s"))
            transaction.set_rollback(True)
    return rows


def _memory() -> float:
    """What this process holds, in MB (Linux; elsewhere nothing is measured)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return int(status.read_text().split("VmRSS:")[1].split()[0]) / 1024

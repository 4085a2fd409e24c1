"""Finding people: the list, the search, one contact with a long history, and noting a meeting."""

from bench import limits, measures
from bench.scene import Row, Scene
from contacts.models import TouchpointKind


def pages(scene: Scene) -> list[Row]:
    """The pages a community manager opens all day."""
    busiest = scene.seeded.busiest
    meeting = TouchpointKind.objects.get(team=None, code="meeting").pk
    note = measures.a_meeting(meeting, busiest.pk)
    index = limits.search_ms("brume")
    return [
        scene.page("today", "/", "<= 25 ms, <= 12 queries", of_rows=False),
        scene.page("contact list", "/contacts/", "<= 5 x, <= 8 queries"),
        scene.page("contact, 1,000 meetings", f"/contacts/{busiest.pk}/", "<= 6 x, <= 10 queries"),
        *(
            Row(
                f"search: {text}",
                scene.manager.p50(path),
                "ms",
                scene.manager.queries(path),
                index,
                "the query alone",
                "<= 25 ms",
            )
            for text in ("brume", "m", "samria lefevre")
            for path in (f"/contacts/?q={text.replace(' ', '+')}",)
        ),
        Row(
            "note a meeting (POST)",
            scene.manager.p50("/log/", note),
            "ms",
            scene.manager.queries("/log/", note),
            scene.insert,
            "one insert",
            "<= 4 x, <= 12 queries",
        ),
    ]

"""The pages of presence, and the verdicts of a day."""

from bench.scene import Row, Scene


def pages(scene: Scene) -> list[Row]:
    """One's own, and the team's of 20 people."""
    team = f"/teams/{scene.seeded.team.slug}/presence/"
    return [
        scene.page("own presence", "/presence/", "<= 120 ms", of_rows=False),
        scene.page("team presence, 20 people", team, "<= 120 ms", as_lead=True, of_rows=False),
    ]

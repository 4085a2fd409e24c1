"""Teams: made and renamed by organisation admins."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts import audit
from accounts.models import Team, User

ATTEMPTS = 5  # at an address, when others make teams of the same name at the same moment
RESERVED = {"new"}  # words that the addresses under /settings/teams/ need


def create(*, name: str, time_zone: str, country: str, by: User, now: datetime) -> Team:
    """A team, with an address made from its name that no other team has."""
    with transaction.atomic():
        team = _at_a_free_address(Team(name=name, time_zone=time_zone, country=country))
        audit.record(action="team.created", actor=by, team=team, now=now)
    return team


def _at_a_free_address(team: Team) -> Team:
    """Write a new team; when another took the address since it was found free, at the next one."""
    for _attempt in range(ATTEMPTS - 1):
        team.slug = free_slug(team.name)
        try:
            with transaction.atomic():
                team.save(force_insert=True)
                return team
        except IntegrityError:
            continue
    team.slug = free_slug(team.name)
    team.save(force_insert=True)
    return team


def edit(team: Team, *, name: str, time_zone: str, country: str, by: User, now: datetime) -> None:
    """Change a team's name, zone and country; its address stays, so that links keep working."""
    with transaction.atomic():
        team.name, team.time_zone, team.country = name, time_zone, country
        team.save(update_fields=["name", "time_zone", "country"])
        audit.record(action="team.edited", actor=by, team=team, now=now)


def free_slug(name: str) -> str:
    """The name as an address, with a number where another team has it."""
    plain = slugify(name)[:50] or "team"
    taken = set(Team.objects.filter(slug__startswith=plain).values_list("slug", flat=True)) | RESERVED
    if plain not in taken:
        return plain
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{plain}-{number}") not in taken)

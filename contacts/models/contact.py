"""A contact: a person or a group, how to reach it, where it came from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.models.kind import ContactKind


class Basis(models.TextChoices):
    """Why we may hold somebody's data (GDPR, article 6(1)); asked as "Why do we have these details?"."""

    CONSENT = "consent", _("They agreed to it")
    CONTRACT = "contract", _("We work together under a contract")
    LEGAL_OBLIGATION = "legal_obligation", _("The law asks for it")
    VITAL_INTERESTS = "vital_interests", _("Somebody’s life may depend on it")
    PUBLIC_TASK = "public_task", _("It is part of a public service")
    LEGITIMATE_INTEREST = "legitimate_interest", _("We work in the same field and they can expect it")


class TagQuerySet(models.QuerySet["Tag"]):
    def borne(self) -> "TagQuerySet":
        """Those that a contact bears that is not in the bin: what contacts can be chosen by."""
        on_contacts = Contact.tags.through.objects.filter(tag=models.OuterRef("pk"), contact__binned_at=None)
        return self.filter(models.Exists(on_contacts))


class Tag(models.Model):
    """A word a team puts on contacts, meetings and events."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    key = models.CharField(max_length=60)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="tag_once_per_team")]

    def __str__(self) -> str:
        return self.name


class Days(models.Func):
    """A column of whole days as a duration. SQLite keeps durations in microseconds; PostgreSQL has intervals."""

    arity = 1
    output_field = models.DurationField()
    template = "(%(expressions)s * 86400000000)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Sequence[Any]]:
        """PostgreSQL's own words for it."""
        template = "make_interval(days => %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> "ContactQuerySet":
        """Contacts of the person's teams that are not in the bin."""
        return self.filter(team__in=Team.objects.visible_to(user), binned_at__isnull=True)

    def of_team(self, team: Team) -> "ContactQuerySet":
        """A team's contacts that are not in the bin: for a team the person is known to see. The indexes begin with it."""
        return self.filter(team=team, binned_at__isnull=True)

    def contactable(self) -> "ContactQuerySet":
        """Those who may be written to: they did not object to it (GDPR, article 21(2))."""
        return self.filter(objected_at__isnull=True)

    def not_seen_since(self, instant: datetime) -> "ContactQuerySet":
        """Last met before the instant, or never."""
        return self.filter(Q(last_met_at__isnull=True) | Q(last_met_at__lt=instant))

    def with_due_at(self) -> "ContactQuerySet":
        """Alias `due_at`: when the contact's own rhythm asks for the next meeting; null without one."""
        later = models.F("last_met_at") + Days("rhythm_days")
        return self.alias(due_at=models.ExpressionWrapper(later, output_field=models.DateTimeField()))

    def overdue(self, now: datetime) -> "ContactQuerySet":
        """Met at least once, with a rhythm of their own, and longer ago than it says."""
        return self.with_due_at().filter(rhythm_days__isnull=False, due_at__lt=now)  # type: ignore[misc]  # an alias


class Contact(models.Model):
    """A person or a group. `last_met_at` is kept by `logbook`, which alone writes touchpoints."""

    # Here and below: a key has no index of its own where another begins with it or with the team, or nobody looks for
    # it: imports write each of them. Users and kinds in use are never deleted.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    kind = models.ForeignKey(ContactKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_group = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=200)
    search_key = models.TextField(help_text="Name, town, tags and groups, folded: what the search looks at.")
    street = models.CharField(_("street"), max_length=200, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    note = models.TextField(_("note"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="contacts")
    rhythm_days = models.PositiveSmallIntegerField(null=True, blank=True)
    last_met_at = models.DateTimeField(null=True, blank=True)
    is_draft = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=20, choices=Basis, blank=True)
    sourced_on = models.DateField(null=True, blank=True)
    # Since when the person knows that we hold this; the day they last wrote to us; when they asked us not to write.
    informed_on = models.DateField(null=True, blank=True)
    heard_on = models.DateField(null=True, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    # Kept past its time, until a day and for a reason; or about to be erased, which the next tick does.
    kept_until = models.DateField(null=True, blank=True)
    kept_reason = models.CharField(max_length=200, blank=True)
    erase_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)
    binned_at = models.DateTimeField(null=True, blank=True)
    # The contact that it is the same as: its address leads there, and it stays in the bin.
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged", db_index=False
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "client_id"],
                condition=Q(client_id__isnull=False),
                name="contact_once_per_client_id",
            ),
            models.CheckConstraint(
                condition=Q(binned_at__isnull=False) | Q(merged_into__isnull=True, erase_at__isnull=True),
                name="contact_merged_or_erased_is_binned",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "sort_key", "id"]),
            models.Index(fields=["team", "last_met_at", "id"]),
            models.Index(fields=["team", "kind", "last_met_at"]),
            models.Index(fields=["team", "owner", "last_met_at"], name="contact_of_owner"),
            models.Index(fields=["erase_at"], name="contact_to_erase", condition=Q(erase_at__isnull=False)),
            models.Index(
                fields=["team", "-binned_at"], name="contact_in_bin", condition=Q(binned_at__isnull=False)
            ),
            models.Index(
                fields=["merged_into"], name="contact_merged", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm_weeks(self) -> int | None:
        """The rhythm in whole weeks, rounded up; None: it has none of its own."""
        return -(-self.rhythm_days // 7) if self.rhythm_days else None


class PointProperty(models.TextChoices):
    """vCard's names for the ways to reach somebody (RFC 6350)."""

    EMAIL = "email", _("e-mail")
    TEL = "tel", _("phone")
    URL = "url", _("link")


class ContactPoint(models.Model):
    """An e-mail, a phone, a link. `key` is the value normalised, so that two spellings meet."""

    # The contact's own team, for the index below: that it is there is looked at with the contact.
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="points", db_index=False)
    property = models.CharField(max_length=5, choices=PointProperty)
    value = models.CharField(max_length=500)
    key = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["property", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "property", "key"], name="point_once_per_contact")
        ]
        indexes = [models.Index(fields=["team", "property", "key"])]

    def __str__(self) -> str:
        return self.value


class ExternalId(models.Model):
    """What a source calls a contact: the first thing looked at when the same list comes again."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="external_ids")
    source = models.CharField(max_length=200)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "source", "value"], name="externalid_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.value}"


class Affiliation(models.Model):
    """A person belongs to a group: singer of a band, treasurer of an association."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations")
    group = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(_("role"), max_length=120, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group"],
                condition=Q(until__isnull=True),
                name="affiliation_once_while_it_lasts",
            ),
            models.CheckConstraint(condition=~Q(person=models.F("group")), name="affiliation_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day; open ends hold for ever."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

"""Who we are: users, teams, memberships, invitations; what we did: audit entries, operations that can be undone."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import places


def validate_time_zone(name: str) -> None:
    """Accept IANA names only, e.g. Europe/Paris."""
    if name not in places.zone_names():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Example: Europe/Paris"), params={"name": name}
        )


def validate_country(code: str) -> None:
    """Accept two letters of ISO 3166-1 whose public holidays are known, e.g. FR."""
    if code not in places.countries():
        raise ValidationError(
            _("“%(code)s” is not a country code. Examples: FR, BE, GB"), params={"code": code}
        )


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail; Django's own commands expect these two names."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user with a lower-case e-mail; without a password they cannot sign in until they set one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """An organisation admin who may also open Django's admin, made by somebody at the machine (createsuperuser)."""
        user = self.create_user(email, password, is_staff=True, is_superuser=True, is_admin=True, **fields)
        EmailAddress = apps.get_model("account", "EmailAddress")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in ignores the case of the address."""
        return self.get(email__iexact=username)


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Language(models.TextChoices):
    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail. Deactivated or made anonymous, never deleted: their history stays."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.FRENCH)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Paris", validators=[validate_time_zone]
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text=_("Two letters, where you work. The team’s, unless set."),
    )
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    shortcuts = models.BooleanField(
        _("keyboard shortcuts"), default=True, help_text=_("Single keys, such as “n” to note a meeting.")
    )
    is_admin = models.BooleanField(_("organisation admin"), default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # When they were last deactivated; stays after a return, so that sessions of before stay dead.
    deactivated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    # With their teams, where the session brought them (`accounts.backends`); None: nobody has asked yet.
    current_memberships: "list[Membership] | None" = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions opened before a deactivation stay dead when the person comes back."""
        known = f"{self.password}{self.deactivated_at.isoformat()}" if self.deactivated_at else self.password
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, known, secret=secret, algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        """The first word of the name, for greetings."""
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone, for what they read and when they may be disturbed."""
        return ZoneInfo(self.time_zone)


class TeamQuerySet(models.QuerySet["Team"]):
    def led_by(self, user: User) -> "TeamQuerySet":
        """Teams the person leads today."""
        return self.filter(
            memberships__in=Membership.objects.current().leading().filter(user=user)
        ).distinct()

    def visible_to(self, user: User) -> "TeamQuerySet":
        """Teams the person belongs to today; an organisation admin sees every team."""
        if user.is_admin:
            return self
        return self.filter(memberships__in=Membership.objects.current().filter(user=user)).distinct()


class Team(models.Model):
    """People who look after one community together. Everything of the domain belongs to one team."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Paris", validators=[validate_time_zone]
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FR",
        validators=[validate_country],
        help_text=_("Two letters; public holidays follow it."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the team's days begin and end."""
        return ZoneInfo(self.time_zone)

    def day_of(self, instant: datetime) -> date:
        """The team's calendar day of an instant."""
        return instant.astimezone(self.zone).date()

    def bounds_of(self, day: date) -> tuple[datetime, datetime]:
        """The instants at which a day of the team begins and the next one does."""
        start = datetime.combine(day, time.min, self.zone)
        return start, datetime.combine(day + timedelta(days=1), time.min, self.zone)


class Role(models.TextChoices):
    MANAGER = "manager", _("Community manager")
    LEAD = "lead", _("Team lead")
    BOTH = "both", _("Community manager and team lead")


MANAGING = (Role.MANAGER, Role.BOTH)
LEADING = (Role.LEAD, Role.BOTH)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        """Memberships that have not ended. (A membership ends on the day it is closed, never in advance.)"""
        return self.filter(until__isnull=True)

    def managing(self) -> "MembershipQuerySet":
        """Those of community managers: the people whose presence is looked at."""
        return self.filter(role__in=MANAGING)

    def leading(self) -> "MembershipQuerySet":
        return self.filter(role__in=LEADING)

    def on(self, day: date) -> "MembershipQuerySet":
        """Those that held on a day, its first and last included."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Membership(models.Model):
    """A stretch of time in which a person had a role in a team. A change of role ends one and begins another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team"], condition=Q(until__isnull=True), name="membership_once_per_team"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(until__isnull=True, role__in=[Role.MANAGER, Role.BOTH]),
                name="membership_manager_in_one_team",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="membership_until_after_since",
            ),
        ]
        indexes = [models.Index(fields=["team", "user"])]

    def __str__(self) -> str:
        return f"{self.user} – {self.team} ({self.role})"

    @property
    def is_manager(self) -> bool:
        return self.role in MANAGING

    @property
    def is_lead(self) -> bool:
        return self.role in LEADING


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)

    def visible_to(self, user: User) -> "InvitationQuerySet":
        """An admin sees all; a lead those of the teams they lead, if they only invite to be a community manager."""
        if user.is_admin:
            return self
        led = Membership.objects.current().leading().filter(user=user)
        return self.filter(team__in=led.values("team"), role=Role.MANAGER, is_admin=False)


class Invitation(models.Model):
    """Somebody asked to join, by e-mail or by a link to copy. Used once, or withdrawn, or expired."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=8, choices=Role, blank=True)
    is_admin = models.BooleanField(_("organisation admin"), default=False)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email or '?'} → {self.team}"

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class AuditEntry(models.Model):
    """Who did what, when. Written by `audit.record` where the act happens; never changed."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=40)
    subject = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="looked_at"
    )
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "action", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


UNDO_KEPT = timedelta(days=30)


class OperationQuerySet(models.QuerySet["Operation"]):
    def touchable_by(self, user: User) -> "OperationQuerySet":
        """Acts the person may take back: their own in their teams, all of a team they lead, for an admin any."""
        if user.is_admin:
            return self
        current = Membership.objects.current().filter(user=user)
        return self.filter(
            Q(by=user, team__in=current.values("team")) | Q(team__in=current.leading().values("team"))
        )

    def undoable_by(self, user: User, *, now: datetime) -> "OperationQuerySet":
        """Those of them that are not undone and not older than 30 days."""
        return self.touchable_by(user).filter(undone_at__isnull=True, at__gte=now - UNDO_KEPT)


class Operation(models.Model):
    """One act that can be taken back for 30 days: an import, a merge, a bulk edit, a bin."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40)
    # Plain: putting the values back is all there is to it, so the shared address /undo/ may do it.
    plain = models.BooleanField(default=False)
    at = models.DateTimeField()
    details = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["team", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Change(models.Model):
    """What an operation did to one row: its fields before (null: it did not exist) and after."""

    # No index of its own: that of the constraint begins with it.
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="changes", db_index=False)
    model = models.CharField(max_length=60)
    row = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "model", "row"], name="change_once_per_row")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"


class Creation(models.Model):
    """Rows of one model that an operation made, thousands in one: by id, a digest of each one's `fields` as they were.

    A row of which another digest is taken now was edited since. `first` and `last` are the least and greatest id.
    """

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="creations")
    model = models.CharField(max_length=60)
    fields = models.JSONField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    rows = models.JSONField()

    def __str__(self) -> str:
        return f"{self.model} {self.first} to {self.last}"

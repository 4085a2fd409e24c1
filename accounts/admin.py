"""Django's admin, for support only. Its sign-in is ours: same form, same limits."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.models import AuditEntry, Invitation, Membership, Operation, Team, User

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ReadOnly(admin.ModelAdmin):
    """Kept as it was written."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People: looked up, put right; never deleted. Passwords are set by their owners, by e-mail."""

    list_display = ["email", "name", "language", "is_active", "is_admin", "is_staff"]
    list_filter = ["is_active", "is_admin"]
    search_fields = ["email", "name"]
    fields = ["name", "language", "time_zone", "country", "theme", "shortcuts", "is_staff", "is_superuser"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if request.user.is_superuser else ["is_staff", "is_superuser"]


@admin.register(Team)
class TeamAdmin(ReadOnly):
    list_display = ["name", "slug", "time_zone", "country"]
    search_fields = ["name", "slug"]


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Roles change in the settings, where the audit trail hears of it."""

    list_display = ["user", "team", "role", "since", "until"]
    list_select_related = ["user", "team"]
    search_fields = ["user__name", "user__email", "team__name"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["email", "team", "role", "created_at", "accepted_at", "withdrawn_at"]
    list_select_related = ["team"]
    exclude = ["token"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ["at", "action", "actor", "subject", "team"]
    list_select_related = ["actor", "subject", "team"]
    list_filter = ["action"]


@admin.register(Operation)
class OperationAdmin(ReadOnly):
    list_display = ["at", "kind", "team", "by", "undone_at"]
    list_select_related = ["team", "by"]

"""For support only: look things up. What changes a touchpoint or a contact goes through the pages and their modules."""

from typing import Any

from django.contrib import admin

from contacts.models import Contact, ContactKind, Touchpoint, TouchpointKind


class ReadOnly(admin.ModelAdmin):
    """Rows can be seen, never changed: the logbook and the directory are their only writers."""

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Contact)
class ContactAdmin(ReadOnly):
    list_display = ["name", "kind", "town", "team", "last_met_at", "binned_at"]
    list_filter = ["team", "is_group", "is_draft"]
    list_select_related = ["kind", "team"]
    search_fields = ["search_key"]
    show_full_result_count = False


@admin.register(Touchpoint)
class TouchpointAdmin(ReadOnly):
    """Without notes and places: a private one is for its author alone."""

    list_display = ["met_at", "kind", "is_real", "author", "team", "binned_at"]
    list_filter = ["team", "is_real"]
    list_select_related = ["kind", "author", "team"]
    fields = ["team", "kind", "is_real", "colleagues_only", "met_at", "author", "created_at", "binned_at"]
    show_full_result_count = False


@admin.register(ContactKind, TouchpointKind)
class KindAdmin(ReadOnly):
    list_display = ["code", "name", "team", "archived_at"]

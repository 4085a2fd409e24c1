"""For support only: rows are read here, not changed."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from events.models import Occurrence, Series


class ReadOnly(admin.ModelAdmin):
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Occurrence)
class OccurrenceAdmin(ReadOnly):
    list_display = ["__str__", "team", "starts_at", "outcome", "cancelled_at"]
    list_filter = ["team", "outcome"]
    date_hierarchy = "starts_at"


@admin.register(Series)
class SeriesAdmin(ReadOnly):
    list_display = ["__str__", "team", "rules", "filled_until", "fill_failed_at", "ended_at"]
    list_filter = ["team"]

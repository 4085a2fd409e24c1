"""For support only: rows are read here, not changed."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from outreach.models import Post


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    list_display = ["__str__", "team", "manager", "publish_at", "status"]
    list_filter = ["team", "status"]
    date_hierarchy = "publish_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

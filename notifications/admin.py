"""For support: what was sent, what failed, which addresses a server refused."""

from django.contrib import admin
from django.http import HttpRequest

from notifications.models import Address, Delivery


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Envelopes, to be looked at only: their states are steps of a protocol."""

    list_display = [
        "address",
        "slot",
        "state",
        "due_at",
        "attempts",
        "ambiguous_count",
        "sent_at",
        "last_error",
    ]
    list_filter = ["state"]
    search_fields = ["address", "message_id"]
    ordering = ["-due_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    """Refused addresses. Deleting one means: try it again."""

    list_display = ["value", "refused_at", "reason"]
    search_fields = ["value"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Address | None = None) -> bool:
        return False

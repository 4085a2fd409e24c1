"""The audit trail, for organisation admins."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit import latest
from accounts.http import TeamRequest
from accounts.permissions import admin_page
from accounts.words import ACTIONS

PER_PAGE = 50


@require_safe
@admin_page
def audit_list(request: TeamRequest) -> HttpResponse:
    """The last 200 entries, 50 a page."""
    page = Paginator(latest(), PER_PAGE).get_page(request.GET.get("page"))
    for entry in page:
        entry.words = ACTIONS.get(entry.action, entry.action)  # type: ignore[attr-defined]  # for the template
    return render(request, "accounts/audit_list.html", {"page": page, "is_admin": True})

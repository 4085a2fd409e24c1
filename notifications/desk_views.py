"""Delivery, for organisation admins."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import TeamRequest, back_to
from accounts.permissions import admin_page
from foundation import clock
from foundation.messages import status
from notifications import desk
from notifications.models import Address, Delivery

PER_PAGE = 50


@require_safe
@admin_page
def delivery(request: TeamRequest) -> HttpResponse:
    """What is due, failed, unsure or held, with reasons; `?shelf=` chooses."""
    name = request.GET.get("shelf", "")
    name = name if name in desk.SHELVES else "due"
    context = {
        "shelf": name,
        "counts": desk.counts(),
        "health": desk.health(clock.now()),
        "page": Paginator(desk.shelf(name), PER_PAGE).get_page(request.GET.get("page")),
        "addresses": Address.objects.order_by("value"),
        "again": desk.CAN_BE_SENT_AGAIN,
        "droppable": desk.CAN_BE_DROPPED,
        "now": clock.now(),
    }
    return render(request, "notifications/delivery.html", context)


@require_POST
@admin_page
def delivery_again(request: TeamRequest, pk: int) -> HttpResponse:
    """Send it again."""
    done = desk.send_again(get_object_or_404(Delivery, pk=pk), by=request.user, now=clock.now())
    return _back(request, _("It leaves with the next pass.") if done else "")


@require_POST
@admin_page
def delivery_drop(request: TeamRequest, pk: int) -> HttpResponse:
    """Do not send it."""
    done = desk.drop(get_object_or_404(Delivery, pk=pk), by=request.user, now=clock.now())
    return _back(request, _("Dropped. What it says stays in the app.") if done else "")


@require_POST
@admin_page
def address_again(request: TeamRequest, pk: int) -> HttpResponse:
    """Let mail go to an address that was refused."""
    desk.try_address(get_object_or_404(Address, pk=pk), by=request.user, now=clock.now())
    return _back(request, _("Mail may go there again."))


def _back(request: TeamRequest, words: str) -> HttpResponse:
    if words:
        status(request, words)
    else:
        status(request, _("Too late: it has just been sent or given up."), level=messages.WARNING)
    return redirect(back_to(request, "/settings/delivery/"))

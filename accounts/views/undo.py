"""Taking an act back at the shared address: those where putting values back is all there is to it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import changes
from accounts.http import TeamRequest, back_to
from accounts.models import Operation
from accounts.permissions import login_required
from foundation import clock
from foundation.htmx import redirect
from foundation.messages import status


@require_POST
@login_required
def undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a plain operation back; what is not yours, or needs its app's own way, is a 404."""
    operation = get_object_or_404(Operation.objects.touchable_by(request.user).filter(plain=True), pk=pk)
    try:
        done = changes.undo(operation, by=request.user, now=clock.now())
    except changes.CannotUndo:
        status(request, _("This was already undone, or is too long ago."), level=messages.WARNING)
    else:
        say_undone(request, done)
    return redirect(request, back_to(request, reverse(settings.LOGIN_REDIRECT_URL)))


def say_undone(request: TeamRequest, done: changes.Undone) -> None:
    """The status line after an undo; names how many rows were left because somebody edited them since."""
    say_left(request, len(done.edited_since))


def say_left(request: TeamRequest, left: int) -> None:
    """The same, of an undo whose number alone was kept."""
    if not left:
        status(request, _("Undone."))
        return
    text = ngettext(
        "Undone, except one entry that was edited since.",
        "Undone, except %(count)s entries that were edited since.",
        left,
    )
    status(request, text % {"count": left}, level=messages.WARNING)

"""What a person sets for themselves."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import MeForm
from accounts.http import TeamRequest
from accounts.models import User
from accounts.permissions import login_required
from foundation.messages import status


@login_required
@require_http_methods(["GET", "POST"])
def me(request: TeamRequest) -> HttpResponse:
    """Name, language, time zone, theme; and the ways to the password and the address."""
    person = User.objects.get(pk=request.user.pk)  # a copy: a refused form must not colour this page
    form = MeForm(request.POST or None, instance=person)
    if not form.is_valid():
        return render(request, "accounts/me.html", {"form": form}, status=422 if form.is_bound else 200)
    user = form.save()
    translation.activate(user.language)
    status(request, _("Saved."))
    response = redirect("accounts:me")
    # So that the sign-in page greets them in their language, too.
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=31_536_000, samesite="Lax")
    return response

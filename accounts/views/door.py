"""Coming in: the first start, signing in, an invitation; and which team one looks at."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations, memberships, people, unsent
from accounts.forms import JoinForm, WelcomeForm
from accounts.http import TeamRequest
from accounts.middleware import SESSION_KEY
from accounts.models import Invitation, Team
from accounts.permissions import login_required
from accounts.words import why_not
from foundation import clock
from foundation.messages import status

ZONES = {"fr": "Europe/Paris", "en": "Europe/London"}


class SignIn(LoginView):
    """allauth's sign-in; while there is nobody at all, the way to the first page. What was sent when the session had
    ended goes along (`unsent`), and is sent again from the page that follows."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        sent = unsent.unpacked(request.POST.get(unsent.FIELD, ""))
        if sent is None or not request.user.is_authenticated:
            return response
        translation.activate(request.user.language)
        return render(request, "accounts/send_again.html", {"sent": sent})

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        kept = self.request.POST.get(unsent.FIELD, "")
        return super().get_context_data(**{unsent.FIELD: kept, **kwargs})

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if people.nobody_yet():
            return redirect("accounts:welcome")
        return super().get(request, *args, **kwargs)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Make the first admin and team; closed for ever once somebody is there."""
    if not people.nobody_yet():
        return redirect(settings.LOGIN_URL)
    language = translation.get_language() or settings.LANGUAGE_CODE
    initial = {"language": language, "time_zone": ZONES.get(language, settings.TIME_ZONE)}
    form = WelcomeForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(request, "accounts/welcome.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        user = people.make_first(**form.cleaned_data, now=clock.now())
    except people.SomebodyIsHere:
        return redirect(settings.LOGIN_URL)
    get_adapter().login(request, user)
    translation.activate(user.language)
    status(request, _("Welcome, %(name)s. Your team is ready.") % {"name": user.get_short_name()})
    return redirect(settings.LOGIN_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: TeamRequest, token: UUID) -> HttpResponse:
    """Accept an invitation: as the person signed in, or as somebody new with a name and a password."""
    invitation = get_object_or_404(Invitation.objects.select_related("team", "invited_by"), token=token)
    page = {"invitation": invitation, "closed": invitations.why_closed(invitation, clock.now())}
    if page["closed"]:
        return render(request, "accounts/join_closed.html", page, status=410)
    if request.user.is_authenticated:
        return _join_signed_in(request, invitation)
    if invitation.email and people.is_taken(invitation.email):
        return render(request, "accounts/join_sign_in.html", page)
    form = JoinForm(request.POST or None, email=invitation.email)
    if form.is_valid():
        return _join_as_new(request, invitation, form)
    return render(request, "accounts/join.html", {**page, "form": form}, status=422 if form.is_bound else 200)


def _join_as_new(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponse:
    language = translation.get_language() or settings.LANGUAGE_CODE
    data = {"email": invitation.email, **form.cleaned_data}
    try:
        user = invitations.accept_as_new(invitation, **data, language=language, now=clock.now())
    except (invitations.Closed, people.EmailTaken):  # somebody else was faster: the page says it
        return redirect("accounts:join", token=invitation.token)
    get_adapter().login(request, user)
    status(request, _("Welcome, %(name)s.") % {"name": user.get_short_name()})
    return redirect(settings.LOGIN_REDIRECT_URL)


def _join_signed_in(request: TeamRequest, invitation: Invitation) -> HttpResponse:
    problem, is_theirs = "", invitations.is_for(invitation, request.user)
    if request.method == "POST" and is_theirs:
        try:
            invitations.accept(invitation, user=request.user, now=clock.now())
        except invitations.Closed:
            return redirect("accounts:join", token=invitation.token)
        except (memberships.AlreadyThere, memberships.ManagesElsewhere) as error:
            problem = why_not(error)
        else:
            request.session[SESSION_KEY] = invitation.team_id
            status(request, _("You are in."))
            return redirect(settings.LOGIN_REDIRECT_URL)
    page = {"invitation": invitation, "is_theirs": is_theirs, "problem": problem}
    return render(request, "accounts/join_confirm.html", page, status=422 if problem else 200)


@require_POST
@login_required
def switch_team(request: TeamRequest) -> HttpResponse:
    """Look at another of one's teams, for this session."""
    chosen = request.POST.get("team", "")
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=chosen if chosen.isdecimal() else 0)
    request.session[SESSION_KEY] = team.pk
    return redirect(reverse(settings.LOGIN_REDIRECT_URL))

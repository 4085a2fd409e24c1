"""How often people are to be seen again: the team's rules, and what one person wants to hear of later or not at all."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import InTeamRequest, back_to
from accounts.permissions import lead_or_admin_page, team_page
from contacts import rhythm_rules
from contacts.forms.rhythm import RhythmRuleForm
from contacts.models import Contact, RhythmRule
from contacts.names import fold
from contacts.views.contacts import undo_address
from foundation import clock
from foundation.formatting import weekday_date
from foundation.messages import status


@lead_or_admin_page
@team_page
@require_safe
def rules(request: InTeamRequest) -> HttpResponse:
    """The team's rhythms for kinds and tags."""
    return _page(request, RhythmRuleForm(team=request.team))


@lead_or_admin_page
@team_page
@require_POST
def rule_new(request: InTeamRequest) -> HttpResponse:
    """Set a rhythm; one that is there takes the new number."""
    form = RhythmRuleForm(request.POST, team=request.team)
    if not form.is_valid():
        return _page(request, form, code=422)
    rule = rhythm_rules.set_rule(team=request.team, **form.cleaned_data)
    said = {"name": rule.kind or rule.tag, "n": rule.weeks}
    words = ngettext(
        "%(name)s: to be seen every week.", "%(name)s: to be seen every %(n)d weeks.", rule.weeks
    )
    status(request, words % said)
    return redirect("contacts:rhythm")


@lead_or_admin_page
@team_page
@require_POST
def rule_remove(request: InTeamRequest, pk: int) -> HttpResponse:
    """Take a rhythm away."""
    rules = RhythmRule.objects.filter(team=request.team).select_related("team", "kind", "tag")
    rule = rules.filter(pk=pk).first()
    if rule is None:
        if not rhythm_rules.was_removed(pk, team=request.team):
            raise Http404
        status(request, _("This rhythm was taken off already."), level=messages.INFO)
        return redirect("contacts:rhythm")
    name = str(rule.kind or rule.tag)
    operation = rhythm_rules.remove_rule(rule, by=request.user, now=clock.now())
    status(request, _("Taken off: %(name)s.") % {"name": name}, undo_url=undo_address(operation))
    return redirect("contacts:rhythm")


@team_page
@require_POST
def see_later(request: InTeamRequest, pk: int) -> HttpResponse:
    """Suggest the contact again in two weeks."""
    contact, now = _contact(request, pk), clock.now()
    until = now + rhythm_rules.LATER
    operation = rhythm_rules.put_off(contact, user=request.user, until=until, now=now)
    day = weekday_date(until.astimezone(request.user.zone).date(), get_language() or "en")
    text = _("%(name)s will be suggested again from %(day)s on.") % {"name": contact.name, "day": day}
    status(request, text, undo_url=undo_address(operation))
    return redirect(back_to(request, reverse("contact", args=[contact.pk])))


@team_page
@require_POST
def see_not(request: InTeamRequest, pk: int) -> HttpResponse:
    """Suggest the contact to this person no more."""
    contact = _contact(request, pk)
    operation = rhythm_rules.put_off(contact, user=request.user, until=None, now=clock.now())
    text = _("%(name)s will not be suggested to you any more.") % {"name": contact.name}
    status(request, text, undo_url=undo_address(operation))
    return redirect(back_to(request, reverse("contact", args=[contact.pk])))


@team_page
@require_POST
def see_again(request: InTeamRequest, pk: int) -> HttpResponse:
    """Suggest the contact to this person again."""
    contact = _contact(request, pk)
    rhythm_rules.suggest_again(contact, user=request.user, now=clock.now())
    status(request, _("%(name)s will be suggested to you again.") % {"name": contact.name})
    return redirect("contact", pk=contact.pk)


def _contact(request: InTeamRequest, pk: int) -> Contact:
    return get_object_or_404(Contact.objects.visible_to(request.user).select_related("team"), pk=pk)


def _page(request: InTeamRequest, form: RhythmRuleForm, code: int = 200) -> HttpResponse:
    found = RhythmRule.objects.filter(team=request.team).select_related("kind", "tag")
    rules = sorted(found, key=lambda rule: (rule.tag_id is not None, fold(str(rule.kind or rule.tag))))
    return render(request, "contacts/rhythm.html", {"form": form, "rules": rules}, status=code)

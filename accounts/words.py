"""What goes wrong among people, and what was done, as sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, memberships, people

ACTIONS = {
    "person.signed_in": gettext_lazy("signed in"),
    "person.set_password": gettext_lazy("set a new password"),
    "person.confirmed_email": gettext_lazy("confirmed an e-mail address"),
    "person.deactivated": gettext_lazy("deactivated"),
    "person.reactivated": gettext_lazy("let in again"),
    "person.made_admin": gettext_lazy("made organisation admin"),
    "person.unmade_admin": gettext_lazy("no longer organisation admin"),
    "team.created": gettext_lazy("made a team"),
    "team.edited": gettext_lazy("changed a team"),
    "membership.began": gettext_lazy("joined the team"),
    "membership.ended": gettext_lazy("left the team"),
    "role.changed": gettext_lazy("got another role"),
    "invitation.made": gettext_lazy("invited somebody"),
    "invitation.withdrawn": gettext_lazy("withdrew an invitation"),
    "invitation.accepted": gettext_lazy("accepted an invitation"),
    "contacts.imported": gettext_lazy("imported contacts"),
    "contacts.exported": gettext_lazy("exported contacts"),
    "contacts.merged": gettext_lazy("merged two contacts"),
    "contacts.kept": gettext_lazy("kept contacts longer, with a reason"),
    "contacts.let_go": gettext_lazy("let go of contacts not heard from in years"),
    "contacts.purged": gettext_lazy("erased contacts whose time was over"),
    "privacy.requested": gettext_lazy("noted a request about somebody’s data"),
    "privacy.extended": gettext_lazy("took longer over a request, with a reason"),
    "privacy.closed": gettext_lazy("closed a request"),
    "person.downloaded": gettext_lazy("took out everything about a contact"),
    "person.erased": gettext_lazy("erased a contact for good"),
    "person.objected": gettext_lazy("noted that a contact objects to being written to"),
    "person.agreed": gettext_lazy("noted that a contact may be written to again"),
    "person.let_in": gettext_lazy("let somebody back in who was held back"),
    "posts.imported": gettext_lazy("imported posts"),
    "analytics.set": gettext_lazy("connected an analytics service"),
    "analytics.removed": gettext_lazy("disconnected an analytics service"),
    "calendar.imported": gettext_lazy("read a calendar in"),
    "calendar.subscribed": gettext_lazy("subscribed to a calendar"),
    "calendar.unsubscribed": gettext_lazy("unsubscribed from a calendar"),
    "feed.made": gettext_lazy("made an address for calendars"),
    "feed.names": gettext_lazy("chose whether an address for calendars shows names"),
    "feed.revoked": gettext_lazy("ended an address for calendars"),
    "kind_rule.set": gettext_lazy("decided whether a kind of meeting counts"),
    "presence.viewed": gettext_lazy("looked at somebody’s presence"),
    "presence.taken_out": gettext_lazy("took a line out of somebody’s count"),
    "presence.exported": gettext_lazy("took the team’s presence as a file"),
    "presence.contested": gettext_lazy("contested a line of their count"),
    "presence.put_back": gettext_lazy("let a line count again"),
    "delivery.sent_again": gettext_lazy("had an e-mail sent again"),
    "delivery.dropped": gettext_lazy("dropped an e-mail"),
    "delivery.address_tried": gettext_lazy("let mail go to a refused address again"),
    "individual_view.on": gettext_lazy("turned the individual view on"),
    "individual_view.off": gettext_lazy("turned the individual view off"),
    "policy.changed": gettext_lazy("changed the rules of presence"),
    "target.set": gettext_lazy("set a target"),
    "target.dropped": gettext_lazy("dropped a target"),
}
"""Audit actions in words, those of the rooms above too; a test finds the ones that are missing."""


def why_not(error: Exception) -> str:
    """The refusal of a domain function, for the person who asked."""
    if isinstance(error, memberships.ManagesElsewhere):
        if error.team is None:
            return _("This person has just become a community manager of another team.")
        return _(
            "A community manager works in one team at a time, and this person is one in “%(team)s”. "
            "End that first, or choose the role of team lead."
        ) % {"team": error.team.name}
    if isinstance(error, memberships.AlreadyThere | invitations.AlreadyThere):
        return _("This person already belongs to the team.")
    if isinstance(error, people.LastAdmin):
        return _("Somebody has to keep the keys: make another person organisation admin first.")
    raise error

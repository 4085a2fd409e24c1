"""`{% csrf_token %}`, which every form that posts holds: it says too for which team the form was drawn."""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.middleware import FORM_KEY

register = template.Library()


class FormNode(CsrfTokenNode):
    """Django's own hidden field, and beside it the team that the page shows, if it shows one."""

    def render(self, context: Context) -> SafeString:
        team = getattr(context.get("request"), "team", None)
        drawn_for = (
            format_html('<input type="hidden" name="{}" value="{}">', FORM_KEY, team.pk) if team else ""
        )
        return format_html("{}{}", super().render(context), drawn_for)


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> FormNode:
    """Stands in for Django's tag: it is one of the builtins (settings)."""
    return FormNode()

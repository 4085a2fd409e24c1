"""The project as an app: production refuses to start when it is not safe."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class CommunitycrmConfig(AppConfig):
    name = "communitycrm"

    def ready(self) -> None:
        """Say where letters lie; raise ImproperlyConfigured in production for what is only a warning elsewhere."""
        from communitycrm import checks
        from communitycrm.pages import mailbox
        from contacts import references

        references.register_store("communitycrm.mailbox", erase=mailbox.forget)
        problems = checks.refusals(settings)
        if settings.MODE == "production" and problems:
            lines = "".join(f"\n- {problem}" for problem in problems)
            raise ImproperlyConfigured(f"MODE=production, and so it does not start:{lines}")

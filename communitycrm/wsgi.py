"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from outreach.relay_wsgi import Relays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communitycrm.settings")

application = Relays(get_wsgi_application())
get_resolver().url_patterns  # noqa: B018 - loads all pages now: else the first visitor would wait for it

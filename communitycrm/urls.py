"""Addresses: includes only."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from communitycrm import health

urlpatterns = [
    path("", include("communitycrm.pages.urls")),
    path("", include("accounts.urls")),
    path("", include("contacts.urls")),
    path("", include("events.urls")),
    path("", include("outreach.urls")),
    path("", include("ratio.urls")),
    path("", include("notifications.urls")),
    path("auth/", include("accounts.sign_in_urls")),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("healthz/deep", health.deep, name="deep"),
]

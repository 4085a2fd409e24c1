"""The product's addresses, and those of the limits."""

from django.urls import include, path

from bench import limits

urlpatterns = [
    path("bench/hello/", limits.hello),
    path("bench/rows/", limits.rows),
    path("bench/insert/", limits.insert),
    path("", include("communitycrm.urls")),
]

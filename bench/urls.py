"""The product's addresses, and those of the limits."""

from django.urls import include, path

from bench import limits

urlpatterns = [
    path(limits.HELLO_PATH[1:], limits.hello),
    path(limits.ROWS_PATH[1:], limits.rows),
    path(limits.INSERT_PATH[1:], limits.insert),
    path("", include("communitycrm.urls")),
]

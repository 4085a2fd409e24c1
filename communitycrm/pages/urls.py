"""Pages that show something of several rooms."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

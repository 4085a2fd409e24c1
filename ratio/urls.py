"""Addresses of ratio."""

from django.urls import URLPattern

app_name = "ratio"
urlpatterns: list[URLPattern] = []

"""Signing in and out, passwords and addresses: allauth's, with our first look at an empty installation."""

from django.urls import include, path

from accounts.views.door import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("", include("allauth.account.urls")),
]

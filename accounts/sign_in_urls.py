"""Signing in and out, passwords and addresses: allauth's, with our first look at an empty installation."""

from django.urls import include, path

from accounts.views.door import SignIn
from accounts.views.mailing import Email, PasswordReset

urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("password/reset/", PasswordReset.as_view(), name="account_reset_password"),
    path("email/", Email.as_view(), name="account_email"),
    path("", include("allauth.account.urls")),
]

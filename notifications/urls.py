"""Addresses of notifications."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("notifications/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("notifications/<int:pk>/", views.follow, name="follow"),
    path("notifications/<int:pk>/done/", views.done, name="done"),
    path("notifications/<int:pk>/later/", views.later, name="later"),
    path("notifications/<int:pk>/reopen/", views.reopen, name="reopen"),
]

"""Addresses of notifications."""

from django.urls import path

from notifications import desk_views, views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("notifications/preferences/trial/", views.trial_mail, name="trial_mail"),
    path("notifications/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("notifications/<int:pk>/", views.follow, name="follow"),
    path("notifications/<int:pk>/done/", views.done, name="done"),
    path("notifications/<int:pk>/later/", views.later, name="later"),
    path("notifications/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("settings/delivery/", desk_views.delivery, name="delivery"),
    path("settings/delivery/<int:pk>/again/", desk_views.delivery_again, name="delivery_again"),
    path("settings/delivery/<int:pk>/drop/", desk_views.delivery_drop, name="delivery_drop"),
    path("settings/delivery/addresses/<int:pk>/again/", desk_views.address_again, name="address_again"),
]

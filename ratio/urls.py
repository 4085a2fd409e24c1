"""Addresses of ratio."""

from django.urls import path

from ratio import views

app_name = "ratio"
urlpatterns = [
    path("presence/", views.own, name="presence"),
    path("presence/how/", views.how, name="how"),
    path("presence/acknowledge/", views.acknowledge, name="acknowledge"),
    path("presence/snooze/", views.snooze, name="snooze"),
    path("presence/leave/", views.leave_new, name="leave_new"),
    path("presence/leave/<int:pk>/remove/", views.leave_remove, name="leave_remove"),
    path(
        "presence/meetings/<int:pk>/take-out/", views.take_out, {"what": "meeting"}, name="take_out_meeting"
    ),
    path("presence/posts/<int:pk>/take-out/", views.take_out, {"what": "post"}, name="take_out_post"),
    path("presence/taken-out/<int:pk>/put-back/", views.put_back, name="put_back"),
    path("teams/<slug:slug>/presence/", views.team_presence, name="team_presence"),
    path("settings/presence/", views.policy, name="policy"),
    path("settings/presence/targets/new/", views.target_new, name="target_new"),
    path("settings/presence/targets/<int:pk>/remove/", views.target_remove, name="target_remove"),
    path("settings/presence/people/", views.individual_view, name="individual_view"),
    path("settings/presence/people/off/", views.individual_view_off, name="individual_view_off"),
]

"""Addresses of ratio."""

from django.urls import path

from ratio import member_views, views

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
    path("teams/<slug:slug>/presence/<int:pk>/", member_views.member_presence, name="member_presence"),
    path(
        "teams/<slug:slug>/presence/<int:pk>/meetings/<int:thing_pk>/take-out/",
        member_views.take_out,
        {"what": "meeting"},
        name="member_take_out_meeting",
    ),
    path(
        "teams/<slug:slug>/presence/<int:pk>/posts/<int:thing_pk>/take-out/",
        member_views.take_out,
        {"what": "post"},
        name="member_take_out_post",
    ),
    path(
        "teams/<slug:slug>/presence/<int:pk>/taken-out/<int:exclusion_pk>/put-back/",
        member_views.put_back,
        name="member_put_back",
    ),
    path("settings/presence/", views.policy, name="policy"),
    path("settings/presence/targets/new/", views.target_new, name="target_new"),
    path("settings/presence/targets/<int:pk>/remove/", views.target_remove, name="target_remove"),
    path("settings/presence/people/", views.individual_view, name="individual_view"),
    path("settings/presence/people/off/", views.individual_view_off, name="individual_view_off"),
]

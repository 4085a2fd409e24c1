"""Addresses of ratio."""

from django.urls import include, path

from ratio import member_views, own_views, team_views, views

own = [
    path("", own_views.presence, name="presence"),
    path("counted/", own_views.counted, name="counted"),
    path("year/", own_views.year, name="year"),
    path("year.csv", own_views.year_csv, name="year_csv"),
    path("seen/", own_views.seen, name="seen"),
    path("how/", views.how, name="how"),
    path("measured/", views.measured, name="measured"),
    path("acknowledge/", own_views.acknowledge, name="acknowledge"),
    path("snooze/", own_views.snooze, name="snooze"),
    path("leave/", own_views.leave_new, name="leave_new"),
    path("leave/<int:pk>/remove/", own_views.leave_remove, name="leave_remove"),
    path("context/", own_views.context_new, name="context_new"),
    path("context/<int:pk>/remove/", own_views.context_remove, name="context_remove"),
    path("meetings/<int:pk>/take-out/", own_views.take_out, {"what": "meeting"}, name="take_out_meeting"),
    path("posts/<int:pk>/take-out/", own_views.take_out, {"what": "post"}, name="take_out_post"),
    path("taken-out/<int:pk>/put-back/", own_views.put_back, name="put_back"),
    path("meetings/<int:pk>/contest/", own_views.contest, {"what": "meeting"}, name="contest_meeting"),
    path("posts/<int:pk>/contest/", own_views.contest, {"what": "post"}, name="contest_post"),
    path("contested/<int:pk>/withdraw/", own_views.contest_withdraw, name="contest_withdraw"),
    path("offers/<int:pk>/accept/", own_views.offer_accept, name="offer_accept"),
    path("offers/<int:pk>/decline/", own_views.offer_decline, name="offer_decline"),
    path("offers/undo/<int:pk>/", own_views.offer_take_back, name="offer_take_back"),
]
team = [
    path("", team_views.team_presence, name="team_presence"),
    path("people.csv", team_views.team_csv, name="team_csv"),
    path("people.xlsx", team_views.team_xlsx, name="team_xlsx"),
    path("report/", team_views.team_report, name="report"),
    path("<int:pk>/", member_views.member_presence, name="member_presence"),
    path("<int:pk>/help/", member_views.help_offer, name="help"),
    path("<int:pk>/help/meeting/", member_views.help_meeting, name="help_meeting"),
    path("<int:pk>/help/posts/", member_views.help_posts, name="help_posts"),
    path(
        "<int:pk>/meetings/<int:thing_pk>/take-out/",
        member_views.take_out,
        {"what": "meeting"},
        name="member_take_out_meeting",
    ),
    path(
        "<int:pk>/posts/<int:thing_pk>/take-out/",
        member_views.take_out,
        {"what": "post"},
        name="member_take_out_post",
    ),
    path("<int:pk>/taken-out/<int:exclusion_pk>/put-back/", member_views.put_back, name="member_put_back"),
]
settings = [
    path("", views.policy, name="policy"),
    path("targets/new/", views.target_new, name="target_new"),
    path("targets/<int:pk>/remove/", views.target_remove, name="target_remove"),
    path("people/", views.individual_view, name="individual_view"),
    path("people/off/", views.individual_view_off, name="individual_view_off"),
]

app_name = "ratio"
urlpatterns = [
    path("presence/", include(own)),
    path("teams/<slug:slug>/presence/", include(team)),
    path("settings/presence/", include(settings)),
]

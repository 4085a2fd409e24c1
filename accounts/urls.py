"""Addresses of accounts."""

from django.urls import path

from accounts.views import audit, door, invitations, me, members, teams, undo

app_name = "accounts"
urlpatterns = [
    path("welcome/", door.welcome, name="welcome"),
    path("join/<uuid:token>/", door.join, name="join"),
    path("team/switch/", door.switch_team, name="switch_team"),
    path("me/", me.me, name="me"),
    path("undo/<int:pk>/", undo.undo, name="undo"),
    path("settings/", teams.settings_home, name="settings"),
    path("settings/audit/", audit.audit_list, name="audit"),
    path("settings/admins/invite/", invitations.invite_admin, name="invite_admin"),
    path("settings/invitations/<int:pk>/", invitations.invitation, name="invitation"),
    path("settings/invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("settings/members/<int:pk>/role/", members.member_role, name="member_role"),
    path("settings/members/<int:pk>/leave/", members.member_leave, name="member_leave"),
    path("settings/people/", teams.people_list, name="people_list"),
    path("settings/people/<int:pk>/deactivate/", members.deactivate, name="deactivate"),
    path("settings/people/<int:pk>/reactivate/", members.reactivate, name="reactivate"),
    path("settings/people/<int:pk>/make-admin/", members.make_admin, name="make_admin"),
    path("settings/people/<int:pk>/unmake-admin/", members.unmake_admin, name="unmake_admin"),
    path("settings/teams/new/", teams.team_new, name="team_new"),
    path("settings/teams/<slug:slug>/", teams.team, name="team"),
    path("settings/teams/<slug:slug>/edit/", teams.team_edit, name="team_edit"),
    path("settings/teams/<slug:slug>/invite/", invitations.invite, name="invite"),
]

"""Addresses of events."""

from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("events/new/", views.occurrence_new, name="occurrence_new"),
    path("events/<int:pk>/", views.occurrence_detail, name="occurrence_detail"),
    path("events/<int:pk>/edit/", views.occurrence_edit, name="occurrence_edit"),
    path("events/<int:pk>/cancel/", views.occurrence_cancel, name="occurrence_cancel"),
    path("events/<int:pk>/restore/", views.occurrence_restore, name="occurrence_restore"),
    path("events/<int:pk>/move/", views.occurrence_move, name="occurrence_move"),
    path("events/<int:pk>/guests/<int:attendance_pk>/reply/", views.reply, name="reply"),
    path("events/<int:pk>/took-place/", views.took_place, name="took_place"),
    path("events/<int:pk>/nobody-came/", views.nobody_came, name="nobody_came"),
    path("events/<int:pk>/did-not-take-place/", views.did_not_take_place, name="did_not_take_place"),
    path("events/<int:pk>/later/", views.ask_later, name="ask_later"),
    path("events/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("events/answers/<int:pk>/undo/", views.undo_answer, name="undo_answer"),
]

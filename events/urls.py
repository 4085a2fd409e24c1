"""Addresses of events."""

from django.urls import path

from events.views import answers, calendars, feeds, occurrences, series

app_name = "events"
urlpatterns = [
    path("events/new/", occurrences.occurrence_new, name="occurrence_new"),
    path("events/<int:pk>.ics", feeds.occurrence_ics, name="occurrence_ics"),
    path("series/<int:pk>.ics", feeds.series_ics, name="series_ics"),
    path("calendar/import/", calendars.calendar_import, name="calendar_import"),
    path("calendar/import/<int:pk>/undo/", calendars.calendar_import_undo, name="calendar_import_undo"),
    path("calendar/others/", calendars.source_list, name="source_list"),
    path("calendar/others/new/", calendars.source_new, name="source_new"),
    path("calendar/others/<int:pk>/refresh/", calendars.source_refresh, name="source_refresh"),
    path("calendar/others/<int:pk>/end/", calendars.source_end, name="source_end"),
    path("calendar/feeds/", feeds.feed_list, name="feed_list"),
    path("calendar/feeds/new/", feeds.feed_make, name="feed_make"),
    path("calendar/feeds/<int:pk>/names/", feeds.feed_names, name="feed_names"),
    path("calendar/feeds/<int:pk>/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("calendar/feeds/<str:token>.ics", feeds.feed, name="feed"),
    path("events/<int:pk>/edit/", occurrences.occurrence_edit, name="occurrence_edit"),
    path("events/<int:pk>/cancel/", occurrences.occurrence_cancel, name="occurrence_cancel"),
    path("events/<int:pk>/restore/", occurrences.occurrence_restore, name="occurrence_restore"),
    path("events/<int:pk>/move/", occurrences.occurrence_move, name="occurrence_move"),
    path("events/<int:pk>/guests/<int:attendance_pk>/reply/", occurrences.reply, name="reply"),
    path("events/<int:pk>/took-place/", answers.took_place, name="took_place"),
    path("events/<int:pk>/nobody-came/", answers.nobody_came, name="nobody_came"),
    path("events/<int:pk>/did-not-take-place/", answers.did_not_take_place, name="did_not_take_place"),
    path("events/<int:pk>/later/", answers.ask_later, name="ask_later"),
    path("events/<int:pk>/reopen/", answers.reopen, name="reopen"),
    path("events/<int:pk>/invite/", occurrences.invite, name="invite"),
    path("events/<int:pk>/guests/<int:attendance_pk>/remove/", occurrences.uninvite, name="uninvite"),
    path("events/<int:pk>/also-came/", answers.also_came, name="also_came"),
    path("series/", series.series_list, name="series_list"),
    path("series/new/", series.series_new, name="series_new"),
    path("series/<int:pk>/", series.series_detail, name="series_detail"),
    path("series/<int:pk>/edit/", series.series_edit, name="series_edit"),
    path("series/<int:pk>/end/", series.series_end, name="series_end"),
    path("series/<int:pk>/resume/", series.series_resume, name="series_resume"),
    path("series/changes/<int:pk>/undo/", series.series_undo, name="series_undo"),
    path("events/answers/<int:pk>/undo/", answers.undo_answer, name="undo_answer"),
]

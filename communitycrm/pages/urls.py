"""Pages that show something of several rooms."""

from django.urls import path

from communitycrm.pages import calendar, contact, log, mailbox, occurrence, posts, search, today

urlpatterns = [
    path("log/", log.log, name="log"),
    path("log/<int:pk>/", log.log_edit, name="log_edit"),
    path("log/<int:pk>/bin/", log.log_bin, name="log_bin"),
    path("log/<int:pk>/join/", log.log_join, name="log_join"),
    path("log/undo/<int:pk>/", log.log_undo, name="log_undo"),
    path("contacts/<int:pk>/", contact.contact, name="contact"),
    path("events/<int:pk>/", occurrence.occurrence, name="occurrence"),
    path("", today.today, name="today"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("posts/", posts.posts, name="posts"),
    path("search/", search.search_page, name="search"),
]

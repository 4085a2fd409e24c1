"""Pages that show something of several rooms."""

from django.urls import path

from communitycrm.pages import calendar, mailbox, posts, today

urlpatterns = [
    path("", today.today, name="today"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("posts/", posts.posts, name="posts"),
]

"""Pages that show something of several rooms."""

from django.urls import path

from communitycrm.pages import calendar, posts

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("posts/", posts.posts, name="posts"),
]

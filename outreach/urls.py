"""Addresses of outreach. The list itself is the composed page `posts`."""

from django.urls import path

from outreach import views

app_name = "outreach"
urlpatterns = [
    path("posts/new/", views.post_new, name="post_new"),
    path("posts/move/", views.posts_move, name="posts_move"),
    path("posts/known-until/", views.known_until, name="known_until"),
    path("posts/<int:pk>/edit/", views.post_edit, name="post_edit"),
    path("posts/<int:pk>/cancel/", views.post_cancel, name="post_cancel"),
    path("posts/<int:pk>/restore/", views.post_restore, name="post_restore"),
    path("posts/<int:pk>/move/", views.post_move, name="post_move"),
]

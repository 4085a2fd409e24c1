"""Addresses of outreach. The list itself is the composed page `posts`."""

from django.urls import path

from outreach import import_views, views

app_name = "outreach"
urlpatterns = [
    path("posts/new/", views.post_new, name="post_new"),
    path("posts/import/", import_views.post_import, name="post_import"),
    path("posts/import/<int:pk>/", import_views.post_import_check, name="post_import_check"),
    path("posts/import/<int:pk>/whose/", import_views.post_import_whose, name="post_import_whose"),
    path("posts/import/<int:pk>/order/", import_views.post_import_order, name="post_import_order"),
    path("posts/import/<int:pk>/columns/", import_views.post_import_columns, name="post_import_columns"),
    path("posts/import/<int:pk>/apply/", import_views.post_import_apply, name="post_import_apply"),
    path("posts/import/undo/<int:pk>/", import_views.post_import_undo, name="post_import_undo"),
    path("posts/move/", views.posts_move, name="posts_move"),
    path("posts/known-until/", views.known_until, name="known_until"),
    path("posts/<int:pk>/edit/", views.post_edit, name="post_edit"),
    path("posts/<int:pk>/cancel/", views.post_cancel, name="post_cancel"),
    path("posts/<int:pk>/restore/", views.post_restore, name="post_restore"),
    path("posts/<int:pk>/move/", views.post_move, name="post_move"),
]

"""Addresses of outreach. The list itself is the composed page `posts`."""

from django.urls import path

from outreach import import_views, launch_views, picture_views, relay_pages, relay_views, views, visit_views

app_name = "outreach"
urlpatterns = [
    path("r/<str:code>", relay_views.relay, name="relay"),
    path("launches/", launch_views.launch_list, name="launch_list"),
    path("launches/new/", launch_views.launch_new, name="launch_new"),
    path("launches/<int:pk>/", launch_views.launch, name="launch"),
    path("launches/<int:pk>/edit/", launch_views.launch_edit, name="launch_edit"),
    path("launches/<int:pk>/bin/", launch_views.launch_bin, name="launch_bin"),
    path("launches/<int:pk>/choose/", launch_views.launch_choose, name="launch_choose"),
    path("launches/<int:pk>/plan/", launch_views.launch_plan, name="launch_plan"),
    path("launches/<int:pk>/contacts/<int:approach_pk>/say/", launch_views.approach_say, name="approach_say"),
    path(
        "launches/<int:pk>/contacts/<int:approach_pk>/leave-out/",
        launch_views.approach_leave_out,
        name="approach_leave_out",
    ),
    path("launches/<int:pk>/relays/", relay_pages.launch_relays, name="launch_relays"),
    path("launches/<int:pk>/relays/print/", relay_pages.relay_sheets, name="relay_sheets"),
    path("launches/<int:pk>/relays/<int:relay_pk>/", relay_pages.relay_sheet, name="relay_sheet"),
    path("launches/<int:pk>/after/", visit_views.launch_after, name="launch_after"),
    path("launches/<int:pk>/after/week/", visit_views.visitors_week, name="visitors_week"),
    path("launches/<int:pk>/after/day/", visit_views.visitors_day, name="visitors_day"),
    path("launches/<int:pk>/after/file/", visit_views.visitors_file, name="visitors_file"),
    path(
        "launches/<int:pk>/after/<int:visitors_pk>/remove/",
        visit_views.visitors_remove,
        name="visitors_remove",
    ),
    path("launches/<int:pk>/told/", visit_views.told_add, name="told_add"),
    path("launches/<int:pk>/told/<int:told_pk>/less/", visit_views.told_less, name="told_less"),
    path("launches/<int:pk>/analytics/", visit_views.analytics, name="analytics"),
    path("launches/<int:pk>/analytics/fetch/", visit_views.analytics_fetch, name="analytics_fetch"),
    path("launches/<int:pk>/analytics/remove/", visit_views.analytics_remove, name="analytics_remove"),
    path("launches/<int:pk>/picture/", picture_views.launch_picture, name="launch_picture"),
    path("launches/<int:pk>/picture.csv", picture_views.picture_csv, name="picture_csv"),
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

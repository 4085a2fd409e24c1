"""Addresses of contacts."""

from django.urls import path

from contacts.views import bulk, contacts, duplicates, imports, kinds, lists, promises

app_name = "contacts"
urlpatterns = [
    path("contacts/", lists.contact_list, name="contact_list"),
    path("contacts/new/", contacts.contact_new, name="contact_new"),
    path("contacts/new/line/", contacts.contact_quick, name="contact_quick"),
    path("contacts/suggest/", lists.suggest, name="suggest"),
    path("contacts/export/", bulk.export, name="export"),
    path("contacts/addresses/", bulk.copy_addresses, name="addresses"),
    path("contacts/bulk/tag/", bulk.bulk_tag, name="bulk_tag"),
    path("contacts/bulk/untag/", bulk.bulk_untag, name="bulk_untag"),
    path("contacts/bulk/owner/", bulk.bulk_owner, name="bulk_owner"),
    path("contacts/bulk/kind/", bulk.bulk_kind, name="bulk_kind"),
    path("contacts/bulk/bin/", bulk.bulk_bin, name="bulk_bin"),
    path("contacts/bulk/<int:pk>/undo/", bulk.bulk_undo, name="bulk_undo"),
    path("contacts/filters/new/", lists.filter_new, name="filter_new"),
    path("contacts/filters/<int:pk>/drop/", lists.filter_drop, name="filter_drop"),
    path("contacts/bin/", lists.bin_list, name="bin"),
    path("contacts/bin/restore/", lists.bin_restore, name="bin_restore"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/bin/", contacts.contact_bin, name="contact_bin"),
    path("contacts/<int:pk>/groups/new/", contacts.affiliation_new, name="affiliation_new"),
    path("contacts/<int:pk>/same/", duplicates.same_as, name="same_as"),
    path("contacts/duplicates/", duplicates.duplicate_list, name="duplicate_list"),
    path("contacts/duplicates/look/", duplicates.duplicate_look, name="duplicate_look"),
    path("contacts/merge/<int:one>/<int:other>/", duplicates.merge, name="merge"),
    path("contacts/merge/<int:one>/<int:other>/not/", duplicates.distinct_new, name="distinct_new"),
    path("contacts/merge/not/<int:pk>/undo/", duplicates.distinct_undo, name="distinct_undo"),
    path("contacts/merge/<int:pk>/undo/", duplicates.merge_undo, name="merge_undo"),
    path("contacts/groups/<int:pk>/end/", contacts.affiliation_end, name="affiliation_end"),
    path("contacts/<int:pk>/promises/new/", promises.promise_new, name="promise_new"),
    path("promises/<int:pk>/done/", promises.promise_done, name="promise_done"),
    path("promises/<int:pk>/later/", promises.promise_later, name="promise_later"),
    path("promises/<int:pk>/drop/", promises.promise_drop, name="promise_drop"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/sample/", imports.import_sample, name="import_sample"),
    path("imports/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<int:pk>/read/", imports.import_read, name="import_read"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/check/", imports.import_check, name="import_check"),
    path("imports/<int:pk>/save/", imports.import_save, name="import_save"),
    path("imports/<int:pk>/again/", imports.import_again, name="import_again"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<int:pk>/rejected/", imports.import_rejected, name="import_rejected"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("settings/kinds/", kinds.kind_list, name="kinds"),
    path("settings/kinds/contacts/new/", kinds.contact_kind_new, name="contact_kind_new"),
    path(
        "settings/kinds/contacts/<int:pk>/archive/", kinds.contact_kind_archive, name="contact_kind_archive"
    ),
    path("settings/kinds/meetings/new/", kinds.touchpoint_kind_new, name="touchpoint_kind_new"),
    path(
        "settings/kinds/meetings/<int:pk>/archive/",
        kinds.touchpoint_kind_archive,
        name="touchpoint_kind_archive",
    ),
    path("settings/kinds/meetings/<int:pk>/counts/", kinds.kind_rule, name="kind_rule"),
]

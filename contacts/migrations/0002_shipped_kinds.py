"""The kinds there are at install. Their names are translated by code (contacts.models.kind)."""

from typing import Any

from django.db import migrations

CONTACTS = [  # code, icon, is_group
    ("person", "user-round", False),
    ("colleague", "briefcase", False),
    ("band", "music", True),
    ("association", "heart-handshake", True),
    ("webzine", "newspaper", True),
    ("venue", "map-pin", True),
    ("festival", "tent", True),
    ("media", "radio", True),
    ("institution", "landmark", True),
    ("brand", "store", True),
    ("other", "users-round", True),
]
TOUCHPOINTS = [  # code, icon, is_real: in person or not
    ("meeting", "handshake", True),
    ("apero", "beer", True),
    ("interview", "mic-vocal", True),
    ("call", "phone", False),
    ("concert", "music", True),
    ("coffee", "coffee", True),
    ("product_test", "target", True),
    ("visit", "map-pin", True),
    ("message", "message-circle", False),
    ("other", "users-round", True),
]


def install(apps: Any, schema_editor: Any) -> None:
    contact_kind = apps.get_model("contacts", "ContactKind")
    touchpoint_kind = apps.get_model("contacts", "TouchpointKind")
    for position, (code, icon, is_group) in enumerate(CONTACTS):
        contact_kind.objects.create(code=code, icon=icon, is_group=is_group, position=position)
    for position, (code, icon, is_real) in enumerate(TOUCHPOINTS):
        touchpoint_kind.objects.create(code=code, icon=icon, is_real=is_real, position=position)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]

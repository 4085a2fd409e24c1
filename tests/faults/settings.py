"""The product's settings, with what the trials turn: no pool (children are forked), and the broker's patience."""

import os

from communitycrm.settings import *  # noqa: F403
from communitycrm.settings import CELERY_BROKER_URL, DATABASES

DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
DATABASES["default"]["CONN_MAX_AGE"] = 0
FETCH_PRIVATE = True
EMAIL_TIMEOUT = 5
if CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": int(os.environ.get("VISIBILITY", "1800")),
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
    }

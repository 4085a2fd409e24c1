"""How gunicorn serves: one process with threads on a laptop, more by WEB_CONCURRENCY on a server."""

import gc
import os
import tempfile
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "communitycrm.gunicorn_worker.Worker"
loglevel = "warning"
logger_class = "communitycrm.gunicorn_logs.QuietLogger"
graceful_timeout = 3  # below the supervisor's patience, so that Ctrl-C never needs SIGKILL
# gunicorn's heartbeat file: on a disk it can stall, and a stalled heartbeat kills a healthy worker
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()  # noqa: S108


def post_worker_init(_worker: Any) -> None:
    """What is loaded stays: the collector need not look through it again during a request; nor twenty times through what a
    team's year makes of rows, which goes when the page has left."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)

"""The Celery application. Tasks live in the apps as @shared_task and never import this module."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communitycrm.settings")

app = Celery("communitycrm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

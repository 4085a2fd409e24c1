"""What this machine, this server and this framework allow: the least that a page, a write or a mail can cost."""

import smtplib
import time
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection, models, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import ensure_csrf_cookie

from accounts.models import AuditEntry, Team
from contacts.models import Contact, ContactKind

_BEYOND = 10**12  # added to keys: no row has one so high
HELLO_PATH, ROWS_PATH, INSERT_PATH = "/bench/hello/", "/bench/rows/", "/bench/insert/"
HELLO = "<!doctype html><title>Hello</title><h1>Hello {{ request.user.name }}</h1>"
ROWS = "<!doctype html><title>Rows</title><ul>{% for row in rows %}<li>{{ row.name }}, {{ row.town }}</li>{% endfor %}</ul>"


@login_required
@ensure_csrf_cookie
def hello(request: HttpRequest) -> HttpResponse:
    """A signed-in page of one template: session, user, nothing else."""
    return HttpResponse(engines["django"].from_string(HELLO).render({}, request))


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """The same with 25 rows of the database."""
    contacts = Contact.objects.filter(team=request.team)  # type: ignore[attr-defined]  # by our middleware
    found = contacts.order_by("sort_key", "pk").values("name", "town")[:25]
    return HttpResponse(engines["django"].from_string(ROWS).render({"rows": found}, request))


@login_required
def insert(request: HttpRequest) -> HttpResponse:
    """A form's answer: CSRF, session, one row written."""
    AuditEntry.objects.create(at=datetime.now().astimezone(), actor=request.user, action="bench")
    return HttpResponse(status=303, headers={"Location": "/"})


def bulk_create_per_second(team: Team, count: int) -> float:
    """Contacts a second through bulk_create, unchecked and unmatched."""
    kind = ContactKind.objects.get(team=None, code="person")
    now = datetime.now().astimezone()
    made = [
        Contact(
            team=team,
            kind=kind,
            name=f"Limit {n}",
            sort_key=f"limit {n}",
            search_key=f"limit {n}",
            created_at=now,
        )
        for n in range(count)
    ]
    started = time.perf_counter()
    with transaction.atomic():
        Contact.objects.bulk_create(made, batch_size=2000)
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    return count / taken


def copy_seconds(*written: models.QuerySet[Any]) -> float:
    """How long COPY takes for rows that are there already, once more into the same tables: indexes, foreign keys and all.

    PostgreSQL only. The text is ready before: nothing but the database works. Nothing stays.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        texts = []
        for rows in written:
            columns = [column.attname for column in rows.model._meta.concrete_fields]
            moved = {name: F(name) + _BEYOND for name in columns if name in ("id", "contact_id")}
            query = rows.order_by().values_list(*(moved.get(name, F(name)) for name in columns)).query
            sql, values = query.sql_with_params()
            with cursor.copy(f"COPY ({sql}) TO STDOUT", values) as copy:
                names = ", ".join(columns)
                texts.append((f"COPY {rows.model._meta.db_table} ({names}) FROM STDIN", b"".join(copy)))
        started = time.perf_counter()
        for statement, text in texts:
            with cursor.copy(statement) as copy:
                copy.write(text)
        connection.check_constraints()
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    return taken


def search_ms(part: str) -> float:
    """A search for part of a name in the index alone, in milliseconds: the best of 20."""
    found = Contact.objects.filter(search_key__contains=part).values_list("pk", flat=True)[:25]
    best = float("inf")
    for _ in range(20):
        started = time.perf_counter()
        list(found.all())
        best = min(best, time.perf_counter() - started)
    return best * 1000


def mails_per_second(port: int, count: int) -> float:
    """Messages a second over one connection to the local sink."""
    text = (
        b"From: a@example.org\r\nTo: b@example.org\r\nSubject: limit\r\n\r\n"
        + b"some words of a reminder\r\n" * 120
    )
    with smtplib.SMTP("127.0.0.1", port) as connection:
        started = time.perf_counter()
        for _ in range(count):
            connection.sendmail("a@example.org", ["b@example.org"], text)
        return count / (time.perf_counter() - started)

"""What this machine, this server and this framework allow: the least that a page, a write or a mail can cost."""

import smtplib
import time
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import ensure_csrf_cookie

from accounts.models import AuditEntry, Team
from contacts.models import Contact, ContactKind

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


def copy_per_second(team: Team, count: int) -> float | None:
    """Contacts a second through COPY into a table without indexes; None where there is no COPY."""
    if connection.vendor != "postgresql":
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_rows (team bigint, name text, sort_key text, search_key text)"
        )
        started = time.perf_counter()
        with cursor.cursor.copy("COPY bench_rows FROM STDIN") as copy:
            for n in range(count):
                copy.write_row((team.pk, f"Limit {n}", f"limit {n}", f"limit {n}"))
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    return count / taken


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

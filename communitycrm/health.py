"""Is the process alive, can it do its work? For load balancers and container engines."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation import clock
from notifications import desk


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; it looks at nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


@never_cache
@require_safe
def deep(request: HttpRequest) -> HttpResponse:
    """Does mail leave? 503 past the limits. Only with `Authorization: Bearer <HEALTH_TOKEN>`; else it does not exist."""
    if not _knows_the_token(request):
        raise Http404
    try:
        found = desk.health(clock.now())
    except DatabaseError:
        return JsonResponse({"ok": False, "problem": "the database does not answer"}, status=503)
    is_well = found.since_tick is not None and not found.late
    seen = {
        "ok": is_well,
        "oldest_due_seconds": int(found.oldest_due.total_seconds()),
        "since_tick_seconds": None if found.since_tick is None else int(found.since_tick.total_seconds()),
        "ambiguous": found.ambiguous,
        "held": found.held,
    }
    return JsonResponse(seen, status=200 if is_well else 503)


def _knows_the_token(request: HttpRequest) -> bool:
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.HEALTH_TOKEN) and constant_time_compare(said, settings.HEALTH_TOKEN)

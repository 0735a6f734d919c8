"""Is it alive, is it ready: for a supervisor or a load balancer. Says nothing about anybody's data."""

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every database answers and is set up, else 503; each by name."""
    parts = {f"database {alias}": _database_answers(alias) for alias in connections}
    status = 200 if all(parts.values()) else 503
    return JsonResponse({name: "ready" if well else "failing" for name, well in parts.items()}, status=status)


def _database_answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False

"""Is it alive, is it ready: for a supervisor or a load balancer. Says nothing about anybody's data."""

from django.core.cache import cache
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
    """200 when every part answers, else 503; each part by name."""
    parts = {f"database {alias}": _database_answers(alias) for alias in connections} | {"cache": _cache_answers()}
    status = 200 if all(parts.values()) else 503
    return JsonResponse({name: "ready" if well else "failing" for name, well in parts.items()}, status=status)


def _database_answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False


def _cache_answers() -> bool:
    try:
        cache.set("ready", 1, timeout=5)
        return cache.get("ready") == 1
    except OSError:  # what clients of a shared cache raise when it is not there
        return False

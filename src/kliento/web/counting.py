"""Counting which pages are opened: a route's name and the day, nothing about who opened it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kliento.domain.improvement.actions import count_view
from kliento.kernel.actor import Visitor
from kliento.kernel.clock import now


class UsageCounts:
    """Middleware: after the answer is made, counts the page that was opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then count."""
        response = self.get_response(request)
        if request.resolver_match is not None and _is_page(request, response):
            by = getattr(request, "actor", Visitor())
            count_view(request.resolver_match.view_name, headers=request.headers, by=by, at=now())
        return response


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page that was there; no fragment, form, download or error."""
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return request.method == "GET" and response.status_code == 200 and is_html and not getattr(request, "htmx", False)

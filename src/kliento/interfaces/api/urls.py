"""Addresses of the API."""

from django.urls import URLPattern, path

from kliento.interfaces.api.operations import api
from kliento.interfaces.api.problems import as_described

app_name = "api"
_described = api.get_openapi_schema(path_prefix="")["paths"]


def _address(pattern: URLPattern) -> URLPattern:
    route = str(pattern.pattern)
    described = _described.get("/" + route.replace("<", "{").replace(">", "}"), {})
    return path(route, as_described(pattern.callback, described), pattern.default_args, pattern.name)


urlpatterns: list[URLPattern] = [_address(pattern) for pattern in api.urls[0] if isinstance(pattern, URLPattern)]

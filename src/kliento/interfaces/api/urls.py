"""Addresses of the API."""

from django.urls import URLPattern, path

from kliento.interfaces.api.operations import api
from kliento.interfaces.api.problems import with_headers

app_name = "api"
urlpatterns: list[URLPattern] = [
    path(str(pattern.pattern), with_headers(pattern.callback), pattern.default_args, pattern.name)
    for pattern in api.urls[0]
]

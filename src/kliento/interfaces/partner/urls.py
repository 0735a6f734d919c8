"""Addresses of the portal: everything here is one company's, the one the session names."""

from django.urls import URLPattern, path

from kliento.interfaces.partner.views import entry, places

app_name = "partner"
urlpatterns: list[URLPattern] = [
    path("", entry.start, name="start"),
    path("companies", entry.workplaces, name="workplaces"),
    path("premises", places.premises, name="premises"),
    path("premises/new", places.add, name="add_premises"),
    path("premises/<uuid:premises_id>/name", places.rename, name="rename_premises"),
    path("premises/<uuid:premises_id>/pairing", places.pair, name="pairing"),
    path("terminals", places.terminals, name="terminals"),
    path("terminals/<uuid:terminal_id>/revocation", places.revoke, name="revoke_terminal"),
]

"""Addresses of the person's pages."""

from django.urls import path

from kliento.interfaces.person.views import activity, card, details, installing, leaving, me, sharing

app_name = "person"
urlpatterns = [
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("card-shell", installing.card_shell, name="card_shell"),
    path("", card.card, name="card"),
    path("latest", card.latest, name="latest"),
    path("codes", card.codes, name="codes"),
    path("card-number", card.number, name="card_number"),
    path("card-number/showing", card.show_number, name="show_number"),
    path("activity", activity.activity, name="activity"),
    path("activity/<uuid:entry_id>", activity.entry, name="entry"),
    path("me", me.me, name="me"),
    path("details", details.details, name="details"),
    path("details/<slug:code>", details.field, name="field"),
    path("details/<slug:code>/consent", details.special, name="special"),
    path("details/<slug:code>/withdrawal", details.withdrawal, name="withdrawal"),
    path("details/<slug:code>/removal", details.removal, name="removal"),
    path("details/<slug:code>/hiding", details.hiding, name="hiding"),
    path("details/<slug:code>/showing", details.showing, name="showing"),
    path("sharing", sharing.companies, name="sharing"),
    path("sharing/<uuid:third_party_id>", sharing.company, name="company"),
    path("sharing/<uuid:third_party_id>/<slug:code>/grant", sharing.grant, name="grant"),
    path("sharing/<uuid:third_party_id>/<slug:code>/consent", sharing.special_grant, name="special_grant"),
    path("sharing/<uuid:third_party_id>/<slug:code>/ending", sharing.ending, name="ending"),
    path("download", leaving.download, name="download"),
    path("close", leaving.close, name="close"),
    path("closed", leaving.closed, name="closed"),
]

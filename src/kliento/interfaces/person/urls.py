"""Addresses of the person's pages."""

from django.urls import path

from kliento.interfaces.person.views import installing

app_name = "person"
urlpatterns = [
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("card-shell", installing.card_shell, name="card_shell"),
]

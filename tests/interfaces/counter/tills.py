"""Browsers as tills."""

from django.test import Client

from kliento.domain.recipients.actions import make_pairing_code
from kliento.kernel.clock import now
from tests.world import REGISTER_HOLDER, Place


def paired(place: Place, name: str = "Kassa 2") -> Client:
    """A browser as a till of this place."""
    client = Client()
    code = make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=now())
    response = client.post("/counter/pair", {"code": code, "name": name})
    assert (response.status_code, response["Location"]) == (302, "/counter/")
    return client

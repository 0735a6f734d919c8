"""The columns of the counter: the previous version writes beside them, and they come and go without losing a row."""

import pytest
from django.db import connection

from kliento.domain.recipients.models import Premises, Terminal, ThirdParty
from kliento.domain.recipients.queries import terminal_actor
from tests.migrating import migrated_fully, migrated_to
from tests.world import kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


def test_what_the_previous_version_writes_takes_any_card_and_counts_visits() -> None:
    place = kahvila_kaisa()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO recipients_third_party"
            " (id, name, business_id, country, state, arrangement, purposes, colour, added_at)"
            " SELECT %s, 'Gym', '2345678-0', country, 'draft', '', purposes, colour, added_at"
            " FROM recipients_third_party",
            ["0" * 32],
        )
        cursor.execute(
            "INSERT INTO recipients_premises (id, third_party_id, name) SELECT %s, third_party_id, 'Hall'"
            " FROM recipients_premises",
            ["0" * 32],
        )
    gym = ThirdParty.objects.get(name="Gym")
    assert (gym.least_to_identify, gym.least_to_redeem, gym.pin_wanted) == ("uid", "static", False)
    assert Premises.objects.get(name="Hall").counts == "visits"
    known = terminal_actor(place.secret)
    assert (known.least_to_identify, known.least_to_redeem, known.operator_id, known.revoked_at) == (
        "uid",
        "static",
        None,
        None,
    )


def test_they_go_and_come_back_with_every_row_in_place() -> None:
    place = kahvila_kaisa()
    migrated_to("recipients", "0007_transfer_mechanisms")
    migrated_fully()
    assert terminal_actor(place.secret) == place.terminal
    assert Terminal.objects.get().list_handed_at is None

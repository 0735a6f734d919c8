"""The columns of transfers: the previous version writes beside them, and the way back leaves nobody abroad."""

from datetime import date

import pytest
from django.db import connection

from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries import third_parties
from tests.migrating import migrated_fully, migrated_to
from tests.world import NOON, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


def states() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, state FROM recipients_third_party")
        return dict(cursor.fetchall())


def test_what_the_previous_version_writes_has_no_transfer() -> None:
    kahvila_kaisa()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO recipients_third_party"
            " (id, name, business_id, country, state, arrangement, purposes, colour, added_at)"
            " SELECT %s, 'Gym', '2345678-0', country, 'draft', '', purposes, colour, added_at"
            " FROM recipients_third_party",
            ["0" * 32],
        )
    assert [(each.name, each.transfer_mechanism) for each in third_parties()] == [("Gym", ""), ("Kahvila Kaisa", "")]


def test_the_way_back_suspends_those_abroad_and_nobody_else() -> None:
    kahvila_kaisa()
    ThirdParty.objects.create(
        name="Corner Shop",
        business_id="980780684",
        country="GB",
        state="approved",
        arrangement="Each its own.",
        arrangement_signed_on=date(2026, 1, 7),
        transfer_mechanism="standard_contractual_clauses",
        transfer_reference="14/2026",
        transfer_dated=date(2026, 1, 7),
        colour=1,
        added_at=NOON,
    )
    migrated_to("recipients", "0005_act_times")
    assert states() == {"Corner Shop": "suspended", "Kahvila Kaisa": "approved"}
    migrated_fully()
    assert states() == {"Corner Shop": "suspended", "Kahvila Kaisa": "approved"}

"""Threat 16: what a company is called or writes does not run in the spreadsheet of who takes Activity along."""

from contextlib import suppress

import pytest
from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.recipients.actions import add_premises
from kliento.kernel.clock import now
from kliento.kernel.errors import KlientoError
from tests.phone import phone_of
from tests.promises.test_threats_16_spreadsheets import CORPUS, read_csv, running
from tests.world import REGISTER_HOLDER, aino, place


@pytest.mark.parametrize("language", ["en", "fi"])
def test_threat_16_no_cell_of_ones_activity_runs_whichever_separator_it_is_read_with(db, language):
    me, shop = aino(at=now()), place("=1+1;@SUM(1)", "1234567-1", "+cmd", at=now())
    entries = []
    for text in CORPUS:
        with suppress(KlientoError):  # a place cannot be called everything
            there = add_premises(shop.third_party_id, text, by=REGISTER_HOLDER, at=now())
            entries.append(visit(me, shop, str(there.id)))
        reward = {"before": {"reward": "Kahvi"}, "after": {"reward": text}}
        entries.append(NewEntry(me.person_id, "loyalty_card_changed", now(), shop.third_party_id, payload=reward))
    with transaction.atomic():
        record([visit(me, shop, str(shop.premises_id)), *entries])
    phone = phone_of(me)
    phone.cookies["django_language"] = language
    page = b"".join(phone.post("/me/activity/file", {"kind": "csv"}).streaming_content)

    rows = read_csv(page, "," if language == "en" else ";")
    assert len(rows) == len(entries) + 4  # heading, registering, one more visit, the file itself
    assert [running(read_csv(page, separator)) for separator in (",", ";", "\t", "|")] == [[], [], [], []]
    assert "'=1+1;'@SUM(1)" in {cell for row in rows for cell in row}


def visit(me, shop, premises_id: str) -> NewEntry:
    return NewEntry(me.person_id, "visit", now(), shop.third_party_id, payload={"premises_id": premises_id})

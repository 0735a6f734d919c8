"""Closing an account: what is gone at once, and what stays in the erased shape."""

from datetime import timedelta

import pytest
from django.db import transaction

from kliento.domain.activity.models import Cover, Entry
from kliento.domain.cards.actions import codes_for
from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import slot_at
from kliento.domain.consents.models import Event
from kliento.domain.dispatch.models import Letter
from kliento.domain.outbox.actions import work_off
from kliento.domain.people.models import Person
from kliento.domain.rights.actions import download
from kliento.domain.vault.actions import remove_value
from kliento.domain.vault.models import DataKey, Erasure, Value
from kliento.domain.vault.queries import erasure_hash
from kliento.domain.visits.actions import NewScan
from kliento.domain.visits.models import Visit
from kliento.kernel.errors import NotFound
from kliento.kernel.ids import id_at
from tests import world
from tests.closing import close, settled, traces_of
from tests.taps import hand_in
from tests.world import NOON


def test_nothing_points_at_the_person_any_more_and_the_facts_stand_without_them(aino):
    assert {trace for trace, rows in traces_of(aino).items() if not rows} == {"letters"}
    entries, visits, events = Entry.objects.count(), Visit.objects.count(), Event.objects.count()
    close(aino)
    assert not any(traces_of(aino).values())
    assert Entry.objects.filter(subject_id=None, salt=None, payload__isnull=True).count() == entries + 1
    assert (Visit.objects.count(), Event.objects.count()) == (visits, events)
    assert Cover.objects.filter(subject_id=aino.person_id).count() == 1
    listed = {bytes(row.subject_hash) for row in Erasure.objects.all()}
    assert listed == {erasure_hash(aino.person_id), erasure_hash(aino.account_id)}


def test_somebody_elses_data_is_untouched(aino, cafe):
    eino = settled("eino@example.fi", cafe)
    before = traces_of(eino)
    close(aino)
    assert traces_of(eino) == before
    assert download(eino, at=NOON)["values"]


def test_the_card_is_unknown_at_the_till_as_a_guess_would_be(aino, cafe):
    number = card_number(aino)
    [code] = codes_for(aino, from_slot=slot_at(NOON) + 1)
    close(aino)
    later = NOON + timedelta(minutes=1)
    scans = [NewScan(id_at(later + timedelta(seconds=n)), shown, later) for n, shown in enumerate((number, code))]
    assert {result.outcome for result in hand_in(scans, by=cafe.terminal, at=later)} == {"unknown"}


def test_a_closed_account_can_neither_be_read_nor_closed_again(aino):
    close(aino)
    with pytest.raises(NotFound):
        download(aino, at=NOON)
    with pytest.raises(NotFound):
        close(aino)


def test_the_last_letter_arrives_after_everything_is_gone_and_its_key_goes_with_it(aino, mailoutbox):
    close(aino)
    assert not any(traces_of(aino).values())
    assert DataKey.objects.count() == 1
    work_off(at=NOON)
    [mail] = mailoutbox
    assert mail.to == ["aino@example.fi"]
    assert not Letter.objects.exists()
    assert not Value.objects.exists()
    assert not DataKey.objects.exists()


def test_a_person_without_an_address_can_leave(db):
    person = world.aino()
    with transaction.atomic():
        remove_value(person.account_id, "login_email")
    close(person)
    assert Person.objects.get(id=person.person_id).state == "erased"
    assert not Letter.objects.exists()

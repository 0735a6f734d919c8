"""R-STF-4: what a till hands in late names whoever was on duty when it was made, and their times are kept briefly."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import (
    SHIFTS_KEPT,
    add_premises,
    change_role,
    count_stays,
    end_appointments,
    end_operator,
    make_pairing_code,
    move_shift,
    note_list_handed,
    purge_shifts,
    revoke_terminal,
    set_pin,
    want_pins,
)
from kliento.domain.recipients.models import ShiftAtTill
from kliento.domain.recipients.queries import describe_person
from kliento.domain.rights.rules import exported
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import OFFLINE_SCANS_ACCEPTED
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at
from tests import taps, world
from tests.domain.cards.test_unsealing import sealed
from tests.interfaces.counter.test_handing_in import hand_in
from tests.interfaces.counter.tills import paired
from tests.phone import text_of
from tests.portal import appointed, operator
from tests.world import REGISTER_HOLDER, Place, kahvila_kaisa

NOTICE = "From when until when you were on duty at which till is kept for 8 days after that"


@pytest.fixture
def kaisa(db: object) -> Place:
    cache.clear()
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def owner(kaisa: Place) -> OperatorActor:
    owner = operator(kaisa)
    set_pin("4071", by=owner, at=now())
    want_pins(wanted=True, by=owner, at=now())
    return owner


@pytest.fixture
def tiina(kaisa: Place, owner: OperatorActor) -> OperatorActor:
    return _at_work(kaisa, "tiina@example.fi")


def _at_work(kaisa: Place, address: str) -> OperatorActor:
    who = operator(kaisa, "till", address=address)
    set_pin("90317", by=who, at=now())
    return who


def _opens(till: Client, who: OperatorActor, pin: str = "90317") -> str:
    """Whoever gives their PIN; the shift that begins, as the till is told."""
    sent = {"operator_id": str(who.operator_id), "pin": pin}
    assert till.post("/counter/unlock", sent).status_code == 302
    return str(till.get("/counter/state").json()["shift"])


def _waiting(shift_id: str | None, *, at: datetime, address: str = "aino@example.fi") -> dict[str, str]:
    """A scan as the till keeps it, sealed with the shift in which it was made."""
    return _read(card_number(taps.cardholder(address, at=now() - timedelta(days=2))), shift_id, at=at)


def _read(number: str, shift_id: str | None, *, at: datetime) -> dict[str, str]:
    said, scan_id = "\n".join(filter(None, (number, shift_id))), id_at(at)
    return {"id": str(scan_id), "sealed": sealed(said, scan_id), "occurred_at": at.isoformat()}


def test_what_waited_names_whoever_was_on_duty_then_and_not_whoever_hands_it_in(
    kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    till = paired(kaisa)
    scan = _waiting(_opens(till, tiina), at=now())
    till.post("/counter/shift/end")
    _opens(till, owner, "4071")
    assert hand_in(till, scan) == [(scan["id"], "identified")]
    assert Visit.objects.get().operator_id == tiina.operator_id


def test_a_locked_till_hands_it_in_as_well_and_each_scan_names_its_own(
    kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    till = paired(kaisa)
    first = _waiting(_opens(till, tiina), at=now())
    till.post("/counter/shift/end")
    second = _waiting(_opens(till, owner, "4071"), at=now(), address="eino@example.fi")
    till.post("/counter/shift/end")
    assert [outcome for _, outcome in hand_in(till, second, first)] == ["received", "received"]
    assert set(Visit.objects.values_list("operator_id", flat=True)) == {tiina.operator_id, owner.operator_id}


def test_the_end_of_a_shift_told_late_ends_that_one_wherever_it_moved_and_no_later_one(
    kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    till = paired(kaisa)
    first = _opens(till, tiina)
    till.post("/counter/shift/end", {"shift": first})
    second = _opens(till, owner, "4071")
    assert till.post("/counter/shift/end", {"shift": first})["Location"] == "/counter/unlock"
    assert str(ShiftAtTill.objects.get(ended_at=None).id) == second
    other = add_premises(kaisa.third_party_id, "Sörnäinen", by=REGISTER_HOLDER, at=now())
    code = make_pairing_code(other.id, by=REGISTER_HOLDER, at=now())
    till.post("/counter/pair", {"code": code, "name": "Kassa P"})
    assert till.get("/counter/").status_code == 200
    assert ShiftAtTill.objects.get(ended_at=None).terminal.premises_id == other.id
    till.post("/counter/shift/end", {"shift": second})
    assert not ShiftAtTill.objects.filter(ended_at=None).exists()


def test_whose_shift_it_was_does_not_change_the_order_in_which_people_came_and_went(
    kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    count_stays(kaisa.premises_id, stays=True, by=REGISTER_HOLDER, at=now() - timedelta(days=1))
    till = paired(kaisa)
    shift_id = _opens(till, tiina)
    ShiftAtTill.objects.update(began_at=now() - timedelta(hours=9))
    number = card_number(taps.cardholder(at=now() - timedelta(days=2)))
    shown = [
        _read(number, shift, at=now() - timedelta(hours=ago))
        for ago, shift in [(8, shift_id), (6, None), (4, shift_id), (2, None)]
    ]
    assert [outcome for _, outcome in hand_in(till, *shown)] == ["identified", "left", "identified", "left"]
    assert list(Visit.objects.values_list("operator_id", flat=True)) == [tiina.operator_id] * 2


@pytest.mark.parametrize("ended", ["pressed", "another one opens", "another PIN", "left", "no PINs", "disconnected"])
def test_a_shift_that_was_over_by_then_names_nobody(
    ended: str, kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    till = paired(kaisa)
    shift_id = _opens(till, tiina)
    {
        "pressed": lambda: till.post("/counter/shift/end"),
        "another one opens": lambda: (till.post("/counter/shift/end"), _opens(till, owner, "4071")),
        "another PIN": lambda: set_pin("55102", by=tiina, at=now()),
        "left": lambda: end_operator(tiina.operator_id, by=owner, at=now()),
        "no PINs": lambda: want_pins(wanted=False, by=owner, at=now()),
        "disconnected": lambda: revoke_terminal(ShiftAtTill.objects.get().terminal_id, by=REGISTER_HOLDER, at=now()),
    }[ended]()
    hour = timedelta(hours=1)
    ShiftAtTill.objects.filter(id=shift_id).update(began_at=now() - 3 * hour)
    over = ShiftAtTill.objects.filter(id=shift_id, ended_at__isnull=False)
    assert over.update(ended_at=now() - 2 * hour) == 1
    if ended != "disconnected":
        hand_in(till, _waiting(shift_id, at=now() - hour))
        assert Visit.objects.get().operator_id is None


def test_neither_does_one_that_had_not_begun_or_was_elsewhere_or_never_was(
    kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    till, other = paired(kaisa), paired(kaisa)
    elsewhere = _opens(other, tiina)
    begun = _opens(till, owner, "4071")
    scans = [
        _waiting(begun, at=now() - timedelta(hours=1)),
        _waiting(elsewhere, at=now(), address="eino@example.fi"),
        _waiting("01a206e8-a87f-4da4-b93c-29fa25b2fc07", at=now(), address="oona@example.fi"),
        _waiting("tiina", at=now(), address="onni@example.fi"),
        _waiting(None, at=now(), address="maija@example.fi"),
    ]
    assert {outcome for _, outcome in hand_in(till, *scans)} == {"identified"}
    assert set(Visit.objects.values_list("operator_id", flat=True)) == {None}


def test_whoever_goes_on_at_another_place_is_on_duty_there(
    kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    till = paired(kaisa)
    first = _opens(till, tiina)
    toolo = add_premises(kaisa.third_party_id, "Töölö", by=REGISTER_HOLDER, at=now()).id
    code = make_pairing_code(toolo, by=REGISTER_HOLDER, at=now())
    assert till.post("/counter/pair", {"code": code, "name": "Till 3"}).status_code == 302
    assert till.get("/counter/").status_code == 200
    second = till.get("/counter/state").json()["shift"]
    assert second != first
    assert list(ShiftAtTill.objects.filter(ended_at=None).values_list("id", "operator_id")) == [
        (ShiftAtTill.objects.get(id=second).id, tiina.operator_id)
    ]
    hand_in(till, _waiting(second, at=now()))
    assert Visit.objects.get().operator_id == tiina.operator_id


def test_two_requests_at_once_after_moving_go_on_in_one_shift(kaisa: Place, owner: OperatorActor) -> None:
    began = UUID(_opens(paired(kaisa), owner, "4071"))
    first, second = (move_shift(began, owner.operator_id, to=kaisa.terminal, at=now()) for _each in range(2))
    assert first == second
    assert list(ShiftAtTill.objects.filter(ended_at=None).values_list("id", flat=True)) == [first]


def test_a_role_without_tills_ends_the_shift(kaisa: Place, owner: OperatorActor, tiina: OperatorActor) -> None:
    _opens(paired(kaisa), tiina)
    change_role(tiina.operator_id, "manager", by=owner, at=now())
    assert ShiftAtTill.objects.get().ended_at is None
    change_role(tiina.operator_id, "analyst", by=owner, at=now())
    assert ShiftAtTill.objects.get().ended_at is not None


def test_it_is_forgotten_when_nothing_from_then_can_be_handed_in(kaisa: Place, tiina: OperatorActor) -> None:
    till = paired(kaisa)
    _opens(till, tiina)
    assert SHIFTS_KEPT > OFFLINE_SCANS_ACCEPTED
    assert purge_shifts(at=now() + timedelta(days=6)) == 0, "it goes on"
    till.post("/counter/shift/end")
    assert purge_shifts(at=now() + OFFLINE_SCANS_ACCEPTED) == 0
    assert purge_shifts(at=now() + timedelta(days=8, minutes=1)) == 1


def test_at_a_till_that_fell_silent_nobody_is_on_duty_for_ever(
    kaisa: Place, owner: OperatorActor, tiina: OperatorActor
) -> None:
    _opens(paired(kaisa), tiina)
    _opens(paired(kaisa, "Kassa 3"), owner, "4071")
    asking = ShiftAtTill.objects.get(operator_id=owner.operator_id)
    note_list_handed(asking.terminal_id, at=now() + timedelta(days=6))
    assert purge_shifts(at=now() + timedelta(days=8)) == 0
    assert purge_shifts(at=now() + timedelta(days=9) + SHIFTS_KEPT) == 1
    assert ShiftAtTill.objects.get() == asking


def test_whoever_it_is_about_is_told_has_it_in_their_download_and_takes_it_along(kaisa: Place) -> None:
    owner = operator(kaisa)
    set_pin("4071", by=owner, at=now())
    want_pins(wanted=True, by=owner, at=now())
    person = world.person("pekka@example.fi", at=now())
    pekka = appointed(person.account_id, kaisa, "till")
    set_pin("90317", by=pekka, at=now())
    till = paired(kaisa)
    assert NOTICE in text_of(till.get("/counter/unlock"))
    _opens(till, pekka)
    described = describe_person(person.person_id)
    [shift] = described["shifts"]
    assert (shift["third_party"], shift["ended_at"]) == ("Kahvila Kaisa", None)
    assert exported(described)["shifts"] == described["shifts"]
    end_appointments(person.account_id, at=now())
    assert not ShiftAtTill.objects.exists()

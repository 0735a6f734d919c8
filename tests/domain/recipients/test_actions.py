"""Letting recipients in and out."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from kliento.domain.recipients import actions, queries
from kliento.domain.recipients.models import PairingCode, Terminal, ThirdParty
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.world import NOON, REGISTER_HOLDER, aino, kahvila_kaisa


def _added(**changed):
    facts = {"name": "Kahvila Kaisa", "business_id": "1234567-1", "country": "FI", "by": REGISTER_HOLDER, "at": NOON}
    return actions.add_third_party(**(facts | changed))


def test_a_new_third_party_is_a_draft_and_can_pair_nothing(db):
    added = _added()
    place = actions.add_premises(added.id, "Töölö", by=REGISTER_HOLDER, at=NOON)
    assert added.state == ThirdParty.State.DRAFT
    with pytest.raises(NotAllowed):
        actions.make_pairing_code(place.id, by=REGISTER_HOLDER, at=NOON)


def test_a_business_id_is_recorded_once(db):
    _added()
    with pytest.raises(Conflict):
        _added(name="Another", business_id="12345671")


def test_only_the_register_holder_lets_anybody_in(db):
    with pytest.raises(NotAllowed):
        _added(by=aino())


def test_no_way_around_the_arrangement_not_even_in_the_database(db):
    added = _added()
    with pytest.raises(Invalid, match="arrangement"):
        actions.approve_third_party(added.id, arrangement="", signed_on=None, by=REGISTER_HOLDER, at=NOON)
    with pytest.raises(IntegrityError):
        ThirdParty.objects.filter(id=added.id).update(state=ThirdParty.State.APPROVED)


def test_an_approved_third_party_is_on_the_list_with_its_logo(db):
    place = kahvila_kaisa()
    [listed] = queries.approved_third_parties()
    assert listed.id == place.third_party_id
    shown = queries.names_of([listed.id])[listed.id]
    assert (shown.name, shown.initials) == ("Kahvila Kaisa", "KK")


def test_a_pairing_code_works_once_and_for_a_day(db):
    place = kahvila_kaisa()
    code = actions.make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=NOON)
    actions.pair_terminal(code.lower().replace("-", " "), name="Till 2", at=NOON)
    late = actions.make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=NOON)
    for used, at in ((code, NOON), (late, NOON + timedelta(days=1)), ("AAAA-AAAA-AAAA", NOON)):
        with pytest.raises(Invalid, match="not known, has been used or has expired"):
            actions.pair_terminal(used, name="Till 3", at=at)
    assert actions.purge_pairing_codes(at=NOON + timedelta(days=1)) == PairingCode.objects.count() + 3


def test_codes_and_secrets_stand_hashed_in_the_database(db):
    place = kahvila_kaisa()
    code = actions.make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=NOON)
    with connection.cursor() as cursor:
        stored = ""
        for table in ("recipients_terminal", "recipients_pairing_code"):
            cursor.execute(f"SELECT * FROM {table}")
            stored += repr([[bytes(c) if isinstance(c, memoryview) else c for c in row] for row in cursor.fetchall()])
    for secret in (place.secret, place.secret[3:], code, code.replace("-", "")):
        assert secret not in stored


def test_a_revoked_terminal_is_out_at_once(db):
    place = kahvila_kaisa()
    actions.revoke_terminal(place.terminal.terminal_id, by=REGISTER_HOLDER, at=NOON)
    for ask in (
        lambda: queries.terminal_actor(place.secret),
        lambda: queries.paired_terminal(place.terminal.terminal_id),
    ):
        with pytest.raises(NotFound):
            ask()
    actions.revoke_terminal(place.terminal.terminal_id, by=REGISTER_HOLDER, at=NOON + timedelta(days=1))
    assert Terminal.objects.get().revoked_at == NOON


def test_the_terminals_of_a_suspended_third_party_are_out(db):
    place = kahvila_kaisa()
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    with pytest.raises(NotFound):
        queries.terminal_actor(place.secret)


def test_a_terminal_is_found_in_one_statement(db, django_assert_num_queries):
    place = kahvila_kaisa()
    with django_assert_num_queries(1):
        assert queries.terminal_actor(place.secret) == place.terminal


def test_an_operator_is_appointed_once_and_their_download_says_where(db):
    place, person = kahvila_kaisa(), aino()
    facts = {"third_party_id": place.third_party_id, "role": "till", "by": REGISTER_HOLDER, "at": NOON}
    actions.appoint_operator(person.account_id, **facts)
    with pytest.raises(Conflict):
        actions.appoint_operator(person.account_id, **facts)
    with pytest.raises(Invalid):
        actions.appoint_operator(person.account_id, **(facts | {"role": "king"}))
    [appointed] = queries.describe_person(person.person_id)["operator"]
    assert (appointed["third_party"], appointed["role"], appointed["ended_at"]) == ("Kahvila Kaisa", "till", None)
    actions.erase_person(person.person_id, at=NOON)
    assert queries.describe_person(person.person_id)["operator"][0]["ended_at"] is not None


def test_a_third_party_is_named_by_name_or_business_id(db):
    added = _added()
    actions.approve_third_party(added.id, arrangement="A", signed_on=date(2026, 1, 1), by=REGISTER_HOLDER, at=NOON)
    assert queries.third_party_by_name("kahvila kaisa") == queries.third_party_by_name("1234567-1") == added
    with pytest.raises(NotFound):
        queries.third_party_by_name("Kahvila")

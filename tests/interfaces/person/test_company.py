"""A company's page: what it may see since and until when, what happened, its copies, how to pause and stop."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils.timezone import localdate

from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.programmes.actions import open_programme, take_into_use
from kliento.domain.programmes.queries import loyalty_cards_of
from kliento.domain.recipients.actions import flag_premises
from kliento.domain.sharing.actions import confirm_deletion
from kliento.domain.sharing.queries import open_notices
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests.choosing import wording_on
from tests.phone import phone_of, text_of
from tests.world import (
    REGISTER_HOLDER,
    aino,
    kahvila_kaisa,
    kuntosali_kunto,
    operator,
    relation_of,
    shares,
    stores,
)


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567", birth_date="1990-04-02")
    return shares(person, kaisa, "first_name", "over_18")


@pytest.fixture
def phone(me):
    return phone_of(me)


def page_address(place) -> str:
    return f"/me/sharing/{place.third_party_id}"


def seen(me, place, *fields: str) -> set[str]:
    """What the company gets when it asks for these."""
    to = ThirdPartyRecipient.at(place.terminal)
    try:
        return set(disclose(me.person_id, to=to, purpose="serving", fields=fields, at=now()).values)
    except Refused:
        return set()


def test_a_fact_is_shared_instead_of_its_value_and_the_page_says_so(phone, kaisa):
    page = text_of(phone.get(page_address(kaisa)))
    shared, not_shared = page.split("You could share")

    assert "They learn: over 18. Not your birth date." in shared
    assert "2 Apr 1990" not in shared
    assert "2 Apr 1990" in not_shared


def test_an_end_is_set_changed_and_taken_away(phone, me, kaisa):
    there, last = f"{page_address(kaisa)}/first_name/end", localdate() + timedelta(days=30)

    assert phone.post(there, {"day": last.isoformat()}).status_code == 302
    [until] = {grant.expires_at for grant in relation_of(me, kaisa).grants if grant.field == "first_name"}
    assert localdate(until) == last
    assert f'value="{last.isoformat()}"' in text_of(phone.get(there))
    assert "until you stop" in text_of(phone.get(page_address(kaisa)))
    phone.post(there, {"day": ""})
    assert {grant.expires_at for grant in relation_of(me, kaisa).grants} == {None}


@pytest.mark.parametrize("day", ["2020-01-01", "yesterday", "2026-13-40"])
def test_an_end_that_has_passed_or_is_no_day_is_refused(phone, me, kaisa, day):
    answer = phone.post(f"{page_address(kaisa)}/first_name/end", {"day": day})

    assert answer.status_code == 400
    assert "There is a problem" in text_of(answer)
    assert {grant.expires_at for grant in relation_of(me, kaisa).grants} == {None}


def test_what_is_not_shared_has_no_end_to_set(phone, kaisa):
    assert phone.get(f"{page_address(kaisa)}/phone/end").status_code == 404


def test_a_pause_is_for_one_company_and_keeps_what_was_chosen(phone, me, kaisa):
    kunto = kuntosali_kunto(at=now())
    shares(me, kunto, "first_name")

    phone.post(f"{page_address(kaisa)}/pause")
    assert (seen(me, kaisa, "first_name"), seen(me, kunto, "first_name")) == (set(), {"first_name"})
    assert "Paused since" in text_of(phone.get(page_address(kaisa)))
    assert "Paused" in text_of(phone.get("/me/sharing"))
    phone.post(f"{page_address(kaisa)}/resume")
    assert seen(me, kaisa, "first_name") == {"first_name"}


def test_everything_stops_in_one_step_with_the_loyalty_card(phone, me, kaisa):
    offered = open_programme(
        name="Kortti",
        reward="Kahvi",
        stamps_needed=9,
        fields=["phone"],
        reason="To call.",
        by=operator(kaisa),
        at=now(),
    )
    take_into_use(me.person_id, offered.id, version=offered.version, by=me, at=now())

    phone.post(f"{page_address(kaisa)}/stop")

    assert relation_of(me, kaisa).grants == frozenset()
    assert [card.is_in_use for card in loyalty_cards_of(me.person_id, at=now())] == [False]
    page = text_of(phone.get(page_address(kaisa)))
    assert "You share nothing with Kahvila Kaisa any more." in page
    assert 'aria-checked="true"' not in page


def test_the_page_says_whether_they_deleted_their_copy(phone, me, kaisa):
    assert seen(me, kaisa, "first_name") == {"first_name"}
    assert "Copies they were asked to delete" not in text_of(phone.get(page_address(kaisa)))

    phone.post(f"{page_address(kaisa)}/first_name/ending")
    assert "Not yet" in text_of(phone.get(page_address(kaisa)))
    [notice] = open_notices(kaisa.third_party_id, limit=9)
    confirm_deletion(notice.id, by=operator(kaisa), at=now())
    assert "Confirmed" in text_of(phone.get(page_address(kaisa)))


def test_what_happened_with_one_company_stands_there_and_in_activity(phone, me, kaisa):
    kunto = kuntosali_kunto(at=now())
    shares(me, kunto, "phone")
    seen(me, kaisa, "first_name")

    assert "Saw your data: First name" in text_of(phone.get(page_address(kaisa)))
    filtered = text_of(phone.get("/me/activity", {"with": str(kaisa.third_party_id)})).split('id="feed"')[1]
    assert "Saw your data: First name" in filtered
    assert "Kuntosali Kunto" not in filtered
    assert phone.get("/me/activity", {"with": "kaisa"}).status_code == 400
    assert phone.get("/me/activity", {"with": str(UUID(int=7))}).status_code == 400


def test_the_page_names_the_company_its_number_its_country_and_its_arrangement(phone, me, kaisa):
    page = text_of(phone.get(page_address(kaisa)))

    for said in [
        "1234567-1",
        "Finland",
        "Each is a controller of its own",
        member_number(relation_of(me, kaisa).member_number),
    ]:
        assert said in page


def test_only_flagged_premises_ask_for_consent_to_visits(phone, kaisa):
    asked = f"{page_address(kaisa)}/visits/consent"
    assert phone.get(asked).status_code == 404
    assert phone.post(asked, {"answer": "agree"}).status_code == 404

    flag_premises(kaisa.premises_id, "health", by=REGISTER_HOLDER)
    assert "a visit tells about your health" in text_of(phone.get(asked))
    assert "Not agreed" in text_of(phone.get(page_address(kaisa)))


def test_new_companies_see_what_was_ticked_for_first_visits(phone, me):
    page = text_of(phone.get("/me/sharing/first-visits"))
    assert "checked" not in page.split("<form")[-1]

    wording = wording_on(phone, "/me/sharing/first-visits")
    phone.post("/me/sharing/first-visits", {"detail": ["first_name", "over_18"], "wording": wording})
    assert text_of(phone.get("/me/sharing/first-visits")).count(" checked") == 2
    assert "New companies see 2 details" in text_of(phone.get("/me/sharing"))
    assert phone.post("/me/sharing/first-visits", {"detail": ["allergies"]}).status_code == 400

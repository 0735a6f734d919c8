"""R-TRF-1, third parties outside the EEA: approved with a transfer mechanism, or refused.

Who shares a detail reads the mechanism first. A visit and its member number go there from the first scan on, before
the person may have read anything: their pages and the notice say so.
"""

from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kliento.domain.gate.actions import ThirdPartyRecipient, disclose
from kliento.domain.questions.actions import make_question
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.rules import MECHANISMS, Transfer
from kliento.domain.sharing.actions import grants_at_first_visit, open_relationships, set_default_set
from kliento.domain.sharing.rules import Pair
from kliento.kernel.errors import Invalid
from tests.declaring import running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of, text_of
from tests.programmes import coffee_card
from tests.world import NOON, REGISTER_HOLDER, Place, aino, asked, operator, place, shares, stores

SIGNED = date(2026, 1, 7)
CLAUSES = Transfer("standard_contractual_clauses", "Module 1, contract 14/2026", SIGNED)
ADEQUATE = Transfer("adequacy_decision", "Decision (EU) 2021/1772", SIGNED)
FROM_THE_FIRST_SCAN = "your visits and a member number, from the first time your card is scanned there"
READ = ("outside the European Economic Area: United Kingdom", "standard contractual clauses (GDPR Art. 46)", "14/2026")
KINDS = ("third_party", "issuer")


@pytest.fixture
def declares(db, settings, tmp_path: Path):
    """Says where third parties and issuers may be, and on which mechanism: each time a notice of a day of its own."""
    days = count(22)

    def declare(countries: str = '["EEA", "GB"]', mechanism: str = CLAUSES.mechanism, kinds=KINDS) -> None:
        text = default_text()
        for kind in kinds:
            before, after = text.split(f"[recipient_kinds.{kind}]")
            said = f'countries = {countries}\ntransfer_mechanism = "{mechanism}"'
            text = before + f"[recipient_kinds.{kind}]" + after.replace('countries = ["EEA"]', said, 1)
        running_by(text.replace("dated = 2026-11-22", f"dated = 2026-11-{next(days)}"), settings, tmp_path, at=NOON)

    return declare


def added(country: str = "GB", business_id: str = "980780684") -> ThirdParty:
    return recipients.add_third_party(
        name="Corner Shop", business_id=business_id, country=country, by=REGISTER_HOLDER, at=NOON
    )


def approved(third_party: ThirdParty, transfer: Transfer | None, **changes: object) -> ThirdParty:
    arranged: dict[str, object] = {"arrangement": "Each its own.", "signed_on": SIGNED, "transfer": transfer}
    return recipients.approve_third_party(third_party.id, **(arranged | changes), by=REGISTER_HOLDER, at=NOON)


def refusal(third_party: ThirdParty, transfer: Transfer | None, **changes: object) -> str:
    with pytest.raises(Invalid) as refused:
        approved(third_party, transfer, **changes)
    assert ThirdParty.objects.get(id=third_party.id).state == ThirdParty.State.DRAFT
    return refused.value.code


@pytest.fixture
def corner_shop(declares) -> ThirdParty:
    """A shop in the United Kingdom, approved on standard contractual clauses."""
    declares()
    return approved(added(), CLAUSES)


@pytest.mark.parametrize(("country", "number"), [("GB", "980780684"), ("CH", "CHE-100.155.212"), ("US", "91-1144442")])
def test_where_the_declaration_is_open_to_it_a_mechanism_lets_them_in(declares, country, number):
    declares(f'["EEA", "{country}"]')
    approved(added(country, number), CLAUSES)
    row = ThirdParty.objects.get()
    assert row.state == ThirdParty.State.APPROVED
    assert (row.transfer_mechanism, row.transfer_reference, row.transfer_dated) == (
        CLAUSES.mechanism,
        CLAUSES.reference,
        SIGNED,
    )


@pytest.mark.parametrize(
    ("transfer", "why"),
    [
        (None, "transfer_mechanism_missing"),
        (Transfer("", "14/2026", SIGNED), "transfer_mechanism_missing"),
        (Transfer("good_friends", "14/2026", SIGNED), "transfer_mechanism_missing"),
        (Transfer(CLAUSES.mechanism, "  ", SIGNED), "transfer_reference_missing"),
        (Transfer(CLAUSES.mechanism, "14/2026", None), "transfer_undated"),
        (Transfer(CLAUSES.mechanism, "14/2026", NOON.date() + timedelta(days=1)), "transfer_undated"),
        (ADEQUATE, "adequacy_not_declared"),
    ],
)
def test_without_a_full_mechanism_they_are_refused(declares, transfer, why):
    declares()
    assert refusal(added(), transfer) == why


def test_an_adequacy_decision_counts_where_the_declaration_names_it(declares):
    declares(mechanism=ADEQUATE.mechanism)
    assert approved(added(), ADEQUATE).transfer_mechanism == "adequacy_decision"


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_country_the_declaration_does_not_name_is_refused_whatever_is_signed(declares, mechanism):
    declares()
    with pytest.raises(Invalid) as refused:
        added("CH", "CHE-100.155.212")
    assert refused.value.code == "country_outside_eea"
    shop = added()
    ThirdParty.objects.update(country="CH")
    assert refusal(shop, Transfer(mechanism, "14/2026", SIGNED)) == "country_outside_eea"


def test_an_issuer_there_needs_the_declaration_to_say_so_of_issuers(declares):
    declares(kinds=("third_party",))
    shop = added()
    assert refusal(shop, CLAUSES) == "country_outside_eea"
    approved(shop, CLAUSES, purposes=["identification", "serving"])


def test_inside_there_is_no_transfer_to_record(db):
    shop = added("FI", "1234567-1")
    assert refusal(shop, CLAUSES) == "transfer_not_needed"


def test_not_even_the_database_keeps_half_a_mechanism(db):
    shop = added("FI", "1234567-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ThirdParty.objects.filter(id=shop.id).update(transfer_mechanism=CLAUSES.mechanism)


def test_once_approved_what_is_shared_with_them_reaches_them_and_nothing_else_does(corner_shop):
    me = stores(aino(), first_name="Aino", phone="040 123 4567")
    there = Place(corner_shop.id, corner_shop.id, None, "")  # type: ignore[arg-type]
    shares(me, there, "first_name")
    assert asked(there, me, "first_name", "phone") == {"first_name": "Aino"}
    to = ThirdPartyRecipient(corner_shop.id)
    assert disclose(me.person_id, to=to, purpose="serving", fields=["first_name"], at=NOON).values


def test_a_first_visit_shares_no_detail_there_by_itself(corner_shop):
    me, kaisa = stores(aino(), first_name="Aino"), place("Kahvila Kaisa", "1234567-1", "Kallio")
    set_default_set(me.person_id, ["first_name"], by=me, at=NOON)
    pairs = [Pair(me.person_id, company) for company in (corner_shop.id, kaisa.third_party_id)]
    with transaction.atomic():
        open_relationships(pairs, at=NOON)
        entries = grants_at_first_visit(pairs, at=NOON)
    assert [entry.recipient_id for entry in entries] == [kaisa.third_party_id]


def test_the_person_reads_country_and_mechanism_on_every_page_that_shares(corner_shop):
    me = stores(aino(), first_name="Aino")
    office = operator(Place(corner_shop.id, corner_shop.id, None, ""))  # type: ignore[arg-type]
    question = make_question(
        office, purpose="serving", reason="To call you.", needed=["first_name"], optional=["allergies"], at=NOON
    )
    card = coffee_card(office, fields=["first_name"])
    there = {"third_party_id": corner_shop.id}
    for page in (
        reverse("person:company", kwargs=there),
        reverse("person:special_grant", kwargs=there | {"code": "allergies"}),
        reverse("person:question", kwargs={"question_id": question.id}),
        reverse("person:special_answer", kwargs={"question_id": question.id, "code": "allergies"}),
        reverse("person:loyalty_card", kwargs={"programme_id": card.id}),
    ):
        text = text_of(phone_of(me).get(page))
        assert all(part in text for part in (*READ, FROM_THE_FIRST_SCAN)), page


def test_the_notice_names_them_with_country_and_mechanism(corner_shop):
    said = text_of(Client().get("/register-description", {"language": "en"}))
    section = said.split('id="transfers"')[1].split("</section>")[0]
    assert "Corner Shop" in section
    assert all(part in section for part in ("United Kingdom", *READ[1:]))
    assert "get a visit and a member number from the first scan of a card on" in section
    recipients_said = said.split('id="recipients"')[1].split("</section>")[0]
    assert recipients_said.count(READ[1]) == len(KINDS)


def test_the_notice_names_nobody_who_is_inside_or_approved_no_more(corner_shop):
    place("Kahvila Kaisa", "1234567-1", "Kallio")
    ThirdParty.objects.filter(id=corner_shop.id).update(state=ThirdParty.State.SUSPENDED)
    section = text_of(Client().get("/register-description")).split('id="transfers"')[1].split("</section>")[0]
    assert "Kahvila Kaisa" not in section
    assert "Corner Shop" not in section

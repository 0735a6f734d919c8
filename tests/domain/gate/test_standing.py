"""Who may be given anything at all: approved third parties, for what they are approved for; issuers by their card."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import object_to
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, open_for_delivery
from kliento.domain.gate.queries import may_use
from kliento.domain.people.models import Person
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import end_programme_grants, grant_for_programme, pause_sharing, resume_sharing
from kliento.kernel.errors import Invalid, NotAllowed
from tests.domain.policy.declarations import changed
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto, operator, shares, stores


def asked(me, place, *codes: str, purpose: str = "serving") -> dict[str, str]:
    to = ThirdPartyRecipient(place.third_party_id)
    return dict(disclose(me.person_id, to=to, purpose=purpose, fields=codes, at=NOON).values)


def reason(me) -> str:
    [why] = set(entries_of([me.person_id])[0].payload["withheld"].values())
    return why


@pytest.mark.parametrize("state", [ThirdParty.State.SUSPENDED, ThirdParty.State.DRAFT])
def test_who_is_not_approved_any_more_gets_nothing(db, state):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    ThirdParty.objects.filter(id=kaisa.third_party_id).update(state=state)
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name")
    assert reason(me) == "unlawful_recipient"


def test_nobody_is_given_anything_for_a_purpose_they_are_not_approved_for(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    ThirdParty.objects.filter(id=kaisa.third_party_id).update(purposes=["identification"])
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name")
    assert reason(me) == "unlawful_recipient"


def test_a_pause_shares_nothing_until_it_ends(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name")
    resume_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert asked(me, kaisa, "first_name") == {"first_name": "Aino"}


def test_an_issuer_gets_what_its_card_in_use_shares_and_nothing_else(db):
    me, kaisa, kunto = stores(aino(), first_name="Aino", city="Helsinki"), kahvila_kaisa(), kuntosali_kunto()
    grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name"], by=me, at=NOON)
    assert asked(me, kaisa, "first_name", "city", purpose="programme") == {"first_name": "Aino"}
    for place, purpose in ((kaisa, "serving"), (kunto, "programme")):
        with pytest.raises(Refused):
            asked(me, place, "first_name", purpose=purpose)
    end_programme_grants(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name", purpose="programme")


def test_what_is_shared_to_be_served_is_not_the_programmes(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name", purpose="programme")


@pytest.mark.parametrize("role", ["till", "analyst"])
def test_an_operator_whose_role_may_not_see_members_is_told_nothing(db, role):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    with pytest.raises(NotAllowed):
        disclose(me.person_id, to=operator(kaisa, role=role), purpose="serving", fields=["first_name"], at=NOON)


def test_what_an_operator_saw_is_entered_with_them(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    kaija = operator(kaisa)
    disclose(me.person_id, to=kaija, purpose="serving", fields=["first_name"], at=NOON)
    entry = entries_of([me.person_id])[0]
    assert (entry.recipient_id, entry.payload) == (kaisa.third_party_id, {"operator_id": str(kaija.operator_id)})


# --- Kliento's own work


@pytest.fixture
def insight_in_use(settings, tmp_path):
    """The default declaration, with a purpose of Kliento's own that can be objected to."""
    path = tmp_path / "register.toml"
    path.write_bytes(changed("[purposes.insight]", INSIGHT))
    settings.KLIENTO_POLICY = path


INSIGHT = """[purposes.weather]
label = { fi = "x", sv = "x", en = "x" }
description = { fi = "x", sv = "x", en = "x" }
basis = "legitimate_interest"
reason = { fi = "x", sv = "x", en = "x" }
fields = ["first_name", "login_email"]
subjects = ["person"]
retention = "until_withdrawn"
status = "in_use"

[objections.weather]
label = { fi = "x", sv = "x", en = "x" }
description = { fi = "x", sv = "x", en = "x" }
stops = ["weather"]

[purposes.insight]"""


def test_a_program_of_kliento_stops_for_whoever_objects_is_restricted_or_gone(db, insight_in_use):
    me = aino()
    assert may_use(me.person_id, "weather")
    object_to(me.person_id, "weather", by=me, at=NOON)
    assert not may_use(me.person_id, "weather")
    assert may_use(me.person_id, "service")
    for state in set(Person.State) - {Person.State.ACTIVE}:
        Person.objects.filter(id=me.person_id).update(state=state)
        assert not may_use(me.person_id, "service")


def test_a_program_of_kliento_needs_a_purpose_of_its_own_and_a_consent_where_that_is_the_basis(db):
    me = aino()
    assert not may_use(me.person_id, "identification")  # names recipients: not Kliento's own
    assert not may_use(me.person_id, "special_storage")  # rests on consent, and nobody gave it
    assert not may_use(me.person_id, "own_direct_marketing")  # planned
    with pytest.raises(Invalid):
        may_use(me.person_id, "curiosity")


def test_a_letter_obeys_the_objection_of_the_person_behind_the_account(db, insight_in_use):
    me = aino()
    assert open_for_delivery(me.account_id, purpose="weather") == "aino@example.fi"
    object_to(me.person_id, "weather", by=me, at=NOON)
    with pytest.raises(Refused) as refused:
        open_for_delivery(me.account_id, purpose="weather")
    assert refused.value.code == "objected"

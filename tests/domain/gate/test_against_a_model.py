"""Whatever happens in whatever order, everybody who reads gets exactly what a small model says."""

from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entries_of
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.actions import SPECIAL_STORAGE, end_objection, give_consent, object_to
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import (
    Refused,
    ThirdPartyRecipient,
    disclose,
    disclose_export,
    disclose_list,
    open_for_delivery,
    own_values,
    read_for_holder,
)
from kliento.domain.people.models import Person
from kliento.domain.policy.actions import publish_own
from kliento.domain.profile.actions import hide_value, remove_value, set_value, show_value, withdraw_keeping
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import (
    end_expired_grants,
    end_grant,
    end_programme_grants,
    grant_field,
    grant_for_programme,
    grant_special_field,
    open_relationships,
    pause_sharing,
    resume_sharing,
    stop_company,
)
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Invalid, NotFound
from tests.domain.gate.small_model import CARD_CODES, CODES, FIELDS, POLL_CODES, TEXTS, Model
from tests.domain.policy.declarations import changed
from tests.world import NOON, Place, kahvila_kaisa, kuntosali_kunto, operator, person

POLL = """[purposes.poll]
label = { fi = "x", sv = "x", en = "x" }
description = { fi = "x", sv = "x", en = "x" }
basis = "legitimate_interest"
reason = { fi = "x", sv = "x", en = "x" }
fields = ["first_name", "birthday_month"]
subjects = ["person"]
retention = "until_withdrawn"
status = "in_use"

[objections.poll]
label = { fi = "x", sv = "x", en = "x" }
description = { fi = "x", sv = "x", en = "x" }
stops = ["poll"]

[purposes.insight]"""
SHOPS = st.sampled_from(["kaisa", "kunto"])
RARELY = st.sampled_from([False, False, False, True])
SETS = st.sets(st.sampled_from(CODES))
CARDS = st.sets(st.sampled_from(CARD_CODES))
_guests = count()


class World(RuleBasedStateMachine):
    """One person, new for each example, and two shops that stay; every read is compared with the model."""

    places: dict[str, Place]
    operators: dict[str, OperatorActor]

    def __init__(self) -> None:
        super().__init__()
        self.model, self.at = Model(), NOON
        self.me = person(f"guest{next(_guests)}@example.fi")
        self.id = self.me.person_id
        ThirdParty.objects.update(state=ThirdParty.State.APPROVED, purposes=["identification", "serving", "programme"])
        opened = open_relationships([Pair(self.id, self.third_party(name)) for name in self.places], at=self.at)
        self.relations = {name: opened[Pair(self.id, self.third_party(name))] for name in self.places}

    def third_party(self, shop: str):
        return self.places[shop].third_party_id

    @property
    def now(self) -> dict:
        return {"by": self.me, "at": self.at}

    @initialize(kept=st.sets(st.sampled_from(FIELDS), min_size=1), kaisas=SETS, kuntos=SETS, card=CARDS)
    def begin(self, kept: set[str], kaisas: set[str], kuntos: set[str], card: set[str]) -> None:
        """Most of what can happen takes something that is kept and shared."""
        for name in sorted(kept):
            self.store(name, 0)
        for shop, codes in (("kaisa", kaisas), ("kunto", kuntos)):
            for code in sorted(codes):
                self.share(shop, code, None)
        self.take_the_card_into_use("kaisa", card)
        self.visit("kunto")

    # --- what the person does

    @rule(name=st.sampled_from(FIELDS), which=st.integers(0, 1))
    def store(self, name: str, which: int) -> None:
        if name == "allergies":
            give_consent(self.id, Choice(SPECIAL_STORAGE, field=name), **self.now)
        set_value(self.id, name, TEXTS[name][which], **self.now)
        self.model.kept[name] = TEXTS[name][which]

    @rule(name=st.sampled_from(FIELDS), hidden=RARELY)
    def hide_or_show(self, name: str, hidden: bool) -> None:
        with suppress(NotFound):
            (hide_value if hidden else show_value)(self.id, name, **self.now)
        if name in self.model.kept:
            (self.model.hidden.add if hidden else self.model.hidden.discard)(name)

    @rule(name=st.sampled_from(FIELDS))
    def remove(self, name: str) -> None:
        if name not in self.model.kept:
            with pytest.raises(NotFound):
                remove_value(self.id, name, **self.now)
            return
        remove_value(self.id, name, **self.now)
        self.model.remove(name)

    @rule()
    def withdraw_the_keeping_of_allergies(self) -> None:
        withdraw_keeping(self.id, "allergies", **self.now)
        self.model.remove("allergies")

    @rule(shop=SHOPS, code=st.sampled_from(CODES), minutes=st.sampled_from([None, None, 30, 60]))
    def share(self, shop: str, code: str, minutes: int | None) -> None:
        until = None if minutes is None else self.at + timedelta(minutes=minutes)
        grant = grant_special_field if code == "allergies" else grant_field
        standing = self.model.shops[shop]
        if standing.suspended or not standing.may_serve:
            with pytest.raises((NotFound, Invalid)):
                grant(self.id, self.third_party(shop), code, until=until, **self.now)
            return
        grant(self.id, self.third_party(shop), code, until=until, **self.now)
        standing.shared[code] = until

    @rule(shop=SHOPS, code=st.sampled_from(CODES))
    def stop_sharing(self, shop: str, code: str) -> None:
        end_grant(self.id, self.third_party(shop), code, **self.now)
        self.model.shops[shop].shared.pop(code, None)

    @rule(shop=SHOPS, codes=CARDS)
    def take_the_card_into_use(self, shop: str, codes: set[str]) -> None:
        if self.model.shops[shop].suspended:
            with pytest.raises(NotFound):
                grant_for_programme(self.id, self.third_party(shop), codes, **self.now)
            return
        grant_for_programme(self.id, self.third_party(shop), codes, **self.now)
        self.model.shops[shop].on_card = set(codes)

    @rule(shop=SHOPS)
    def put_the_card_out_of_use(self, shop: str) -> None:
        end_programme_grants(self.id, self.third_party(shop), **self.now)
        self.model.shops[shop].on_card = set()

    @rule(shop=SHOPS, paused=RARELY)
    def pause_or_resume(self, shop: str, paused: bool) -> None:
        (pause_sharing if paused else resume_sharing)(self.id, self.third_party(shop), **self.now)
        self.model.shops[shop].paused = paused

    @rule(shop=SHOPS)
    def stop_the_company(self, shop: str) -> None:
        stop_company(self.id, self.third_party(shop), **self.now)
        self.model.shops[shop].forget(*CODES)
        self.model.shops[shop].paused = False

    @rule(objects=RARELY)
    def object(self, objects: bool) -> None:
        (object_to if objects else end_objection)(self.id, "poll", **self.now)
        self.model.objects = objects

    # --- what happens around them

    @rule(minutes=st.sampled_from([1, 29, 30, 31]))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def the_clock_ends_what_ran_out(self) -> None:
        end_expired_grants(at=self.at)

    @rule(shop=SHOPS)
    def visit(self, shop: str) -> None:
        with transaction.atomic():
            record([NewEntry(self.id, "visit", self.at, recipient_id=self.third_party(shop))])
        self.model.shops[shop].last_visit = self.at

    @rule(restricted=RARELY)
    def restrict(self, restricted: bool) -> None:
        Person.objects.filter(id=self.id).update(state="restricted" if restricted else "active")
        self.model.restricted = restricted

    @rule(shop=SHOPS, suspended=RARELY, may_not_serve=RARELY)
    def decide_on_the_shop(self, shop: str, suspended: bool, may_not_serve: bool) -> None:
        ThirdParty.objects.filter(id=self.third_party(shop)).update(
            state="suspended" if suspended else "approved",
            purposes=["identification", "programme", *([] if may_not_serve else ["serving"])],
        )
        self.model.shops[shop].suspended, self.model.shops[shop].may_serve = suspended, not may_not_serve

    # --- who reads

    @invariant()
    def whatever_happened_holds_at_the_till_from_the_next_read_on(self) -> None:
        for shop, place in self.places.items():
            got = self.asked(ThirdPartyRecipient.at(place.terminal), "serving", CODES)
            assert got == self.model.served(shop, at=self.at, at_till=True)

    def teardown(self) -> None:
        self.third_parties_read()

    @rule()
    def third_parties_read(self) -> None:
        for shop, place in self.places.items():
            at_till, member = ThirdPartyRecipient.at(place.terminal), self.relations[shop]
            portal = self.model.served(shop, at=self.at, at_till=False)
            assert self.asked(self.operators[shop], "serving", CODES) == portal
            for read in (disclose_list, disclose_export):
                got = read([member], to=self.operators[shop], purpose="serving", fields=CODES, at=self.at)
                assert got == {member.relationship_id: portal}
            for to in (at_till, self.operators[shop]):
                assert self.asked(to, "programme", CARD_CODES) == self.model.issued(shop)

    @rule(shop=SHOPS, codes=SETS)
    def some_of_it_is_asked(self, shop: str, codes: set[str]) -> None:
        expected = self.model.served(shop, at=self.at, at_till=True)
        if codes:
            got = self.asked(ThirdPartyRecipient.at(self.places[shop].terminal), "serving", sorted(codes))
            assert got == {code: text for code, text in expected.items() if code in codes}

    @rule()
    def the_person_reads(self) -> None:
        assert {name: own.text for name, own in own_values(self.me, fields=FIELDS).items()} == self.model.kept

    @rule()
    def kliento_reads(self) -> None:
        got = read_for_holder([self.id], purpose="poll", fields=POLL_CODES, at=self.at)
        assert got.get(self.id, {}) == self.model.polled()

    @rule()
    def kliento_writes_to_the_person(self) -> None:
        try:
            got = open_for_delivery(self.id, field="first_name", purpose="poll")
        except Refused:
            got = None
        assert got == self.model.delivered()

    @precondition(lambda self: self.model.kept)
    @rule(shop=SHOPS)
    def nobody_reads_for_what_is_only_planned(self, shop: str) -> None:
        assert self.asked(self.operators[shop], "own_direct_marketing", ["first_name"]) == {}

    def asked(self, to, purpose: str, codes) -> dict[str, str]:
        """What the question is answered with; its entry names exactly that."""
        try:
            got = dict(disclose(self.id, to=to, purpose=purpose, fields=codes, at=self.at).values)
        except Refused:
            got = {}
        entry = entries_of([self.id], limit=1)[0]
        assert set(entry.fields) == got.keys()
        assert (entry.kind == "disclosed") == bool(got)
        return got


def machine(db) -> type[World]:
    class Here(World):
        places = {"kaisa": kahvila_kaisa(), "kunto": kuntosali_kunto()}
        operators = {name: operator(place) for name, place in places.items()}

    return Here


@pytest.fixture
def poll_in_use(db, settings, tmp_path):
    """The default declaration, with a purpose of Kliento's own that can be objected to."""
    path = tmp_path / "register.toml"
    path.write_bytes(changed("[purposes.insight]", POLL))
    settings.KLIENTO_POLICY = path
    publish_own(at=NOON)


def test_everybody_gets_what_the_model_says(db, poll_in_use, thoroughness):
    run_state_machine_as_test(
        machine(db),
        settings=settings(
            max_examples=12 * thoroughness,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )

"""Three months of the small town, lived through the product's own actions in the order of time: nothing is made up in
the tables, so every page of the demo is true.

The town's tills were without a network until two weeks ago and handed in their scans at the end of each day (an upload
is one transaction); since then each scan is one of its own. That is also what makes the town quick to build.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.timezone import localtime
from fido2 import cbor
from fido2.cose import ES256

from kliento.domain.accounts.actions import accept_terms, answer_age_band, open_signup, verify_signup
from kliento.domain.accounts.rules.passkeys import NewPasskey
from kliento.domain.accounts.rules.secrets import Password, Secret
from kliento.domain.cards.actions import codes_for
from kliento.domain.cards.rules import slot_at
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.entrance.actions import finish_signup
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.policy.actions import mark_demo_data
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import set_value
from kliento.domain.programmes.actions import take_into_use
from kliento.domain.questions.actions import answer_question, ask_member, refuse_question
from kliento.domain.questions.rules import QuestionView
from kliento.domain.sharing.actions import end_grant, grant_field
from kliento.domain.visits.actions import NewScan, ScanResult, record_scans, redeem_at_till
from kliento.domain.visits.actions import Upload as HandedIn
from kliento.interfaces.demo.residents import AINO, SEED, Resident
from kliento.interfaces.demo.shops import OpenShop, open_shop
from kliento.interfaces.demo.town import GYM, PASSWORD, Shop
from kliento.kernel.actor import PersonActor
from kliento.kernel.ids import id_at

DAYS = 91
ONLINE_DAYS = 14


@dataclass(frozen=True)
class Act:
    """Something somebody does at a moment."""

    at: datetime
    do: Callable[[datetime], object]


@dataclass
class Upload:
    """The scans one till keeps until its next upload."""

    shop: str
    till: int
    scans: list[tuple[datetime, Resident]] = field(default_factory=list)


class Town:
    """The shops and residents as they come to be; acts find each other's results here."""

    def __init__(self, *, language: str, now: datetime) -> None:
        self.language = language
        self.now = now
        self.random = Random(SEED)  # noqa: S311 - the same town at every start
        self.shops: dict[str, OpenShop] = {}
        self.people: dict[str, PersonActor] = {}
        self._uploads: dict[tuple[str, int, int], Upload] = {}

    def open(self, shop: Shop) -> None:
        """The shop opens on the town's first day."""
        self.shops[shop.name] = open_shop(shop, language=self.language, at=self.now - timedelta(days=DAYS))

    def acts_of(self, resident: Resident) -> Iterator[Act]:
        """Registering, storing, visiting, sharing, being asked: at most one visit a day, none before registering."""
        days_here = self.random.randint(DAYS // 3, DAYS - 2)
        registered = self._moment(days_ago=days_here, hour=self.random.randint(9, 20))
        yield Act(registered, lambda at: self._register(resident, at=at))
        for number, (name, text) in enumerate(resident.values.items(), start=1):
            yield Act(registered + timedelta(minutes=number), self._storing(resident, name, text))
        for shop in resident.shops:
            yield from self._custom(resident, shop, days_here)

    def uploads(self) -> Iterator[Act]:
        """What the tills hand in. Ask for it after the acts of everybody."""
        for upload in self._uploads.values():
            yield Act(max(at for at, _ in upload.scans) + timedelta(minutes=30), self._handing_in(upload))

    def _custom(self, resident: Resident, shop: Shop, days_here: int) -> Iterator[Act]:
        """A customer's visits to one shop, what they share there, and what the shop's program asks for."""
        number = max(1, round(shop.visits_a_week * days_here / 7 * self.random.uniform(0.5, 1.5)))
        days = sorted(self.random.sample(range(1, days_here - 1), min(days_here - 2, number)), reverse=True)
        till = self.random.randrange(len(shop.premises))
        for days_ago in days:
            at = self._moment(days_ago=days_ago, hour=self.random.randint(shop.opens_at, shop.closes_at - 1))
            if days_ago <= ONLINE_DAYS:
                yield Act(at, self._visiting(resident, shop, till))
            else:
                key = (shop.name, till, days_ago)
                self._uploads.setdefault(key, Upload(shop.name, till)).scans.append((at, resident))
        first = self._moment(days_ago=days[0], hour=shop.closes_at)
        if shop.reveals and self.random.random() < 0.85:
            yield Act(first - timedelta(hours=25), self._allowing_visits(resident, shop))
        if not resident.is_minor:
            yield from self._choices(resident, shop, first=first)

    def _choices(self, resident: Resident, shop: Shop, *, first: datetime) -> Iterator[Act]:
        """What the first visit leads to: a loyalty card, details shared, and questions."""
        if shop.name in resident.collects_at:
            yield Act(first - timedelta(hours=26), self._collecting(resident, shop))
        for name in resident.shares.get(shop.name, ()):
            yield Act(first + timedelta(minutes=5), self._sharing(resident, shop, name))
        if self.random.random() < 0.3:
            yield Act(first + timedelta(minutes=20), self._asking(resident, shop, self.random.choice(shop.asks)))
        for name in resident.stops_sharing.get(shop.name, ()):
            yield Act(first + timedelta(hours=30), self._no_longer_sharing(resident, shop, name))

    def _afterwards(self, resident: Resident, shop: Shop, till: int, visit: ScanResult, *, at: datetime) -> None:
        """At the till: the reward, if it is reached; sometimes the shop's question, which Aino keeps for you."""
        open_shop = self.shops[shop.name]
        if visit.stamps and visit.stamps.can_redeem and visit.visit_id:
            redeem_at_till(visit.visit_id, id_at(at), by=open_shop.tills[till], at=at)
        if open_shop.question is None or visit.member_number is None or resident.is_minor:
            return
        if resident is AINO and shop is GYM:
            ask_member(open_shop.question.id, visit.member_number, open_shop.office, at=at)
        elif resident is not AINO and self.random.random() < 0.15:
            ask_member(open_shop.question.id, visit.member_number, open_shop.office, at=at)
            self._answer(resident, open_shop.question, at=at + timedelta(minutes=2))

    def _answer(self, resident: Resident, question: QuestionView, *, at: datetime) -> None:
        person, mood = self.people[resident.address], self.random.random()
        if mood < 0.5:
            answer_question(question.id, question.optional[:1], seen=question.seen, by=person, at=at)
        elif mood < 0.8:
            refuse_question(question.id, person, at=at)

    def _register(self, resident: Resident, *, at: datetime) -> None:
        """Every step of signing up, as the pages do them; only the code need not travel by mail."""
        signup = open_signup(resident.address, at=at)
        verify_signup(signup.id, signup.code or "", at=at)
        answer_age_band(signup.id, is_minor=resident.is_minor, at=at)
        accept_terms(signup.id, version=register().terms.version, at=at)
        self.people[resident.address] = finish_signup(signup.id, _secret_of(resident), language=self.language, at=at)

    def _storing(self, resident: Resident, name: str, text: str) -> Callable[[datetime], object]:
        def store(at: datetime) -> None:
            person = self.people[resident.address]
            set_value(person.person_id, name, text, by=person, at=at)

        return store

    def _visiting(self, resident: Resident, shop: Shop, till: int) -> Callable[[datetime], object]:
        def visit(at: datetime) -> None:
            [handed_in] = record_scans([HandedIn(self.shops[shop.name].tills[till], [self._scan(resident, at)])], at=at)
            [answer] = handed_in.scans
            self._afterwards(resident, shop, till, answer, at=at)

        return visit

    def _allowing_visits(self, resident: Resident, shop: Shop) -> Callable[[datetime], object]:
        def allow(at: datetime) -> None:
            person, choice = (
                self.people[resident.address],
                Choice("special_visits", recipient_id=self.shops[shop.name].third_party_id),
            )
            give_consent(person.person_id, choice, by=person, at=at)

        return allow

    def _collecting(self, resident: Resident, shop: Shop) -> Callable[[datetime], object]:
        def collect(at: datetime) -> None:
            person, programme = self.people[resident.address], self.shops[shop.name].programme
            if programme is not None:
                take_into_use(person.person_id, programme.id, version=programme.version, by=person, at=at)

        return collect

    def _handing_in(self, upload: Upload) -> Callable[[datetime], object]:
        def hand_in(at: datetime) -> None:
            scans = [self._scan(resident, shown_at) for shown_at, resident in upload.scans]
            record_scans([HandedIn(self.shops[upload.shop].tills[upload.till], scans)], at=at)

        return hand_in

    def _scan(self, resident: Resident, at: datetime) -> NewScan:
        [code] = codes_for(self.people[resident.address], from_slot=slot_at(at))
        return NewScan(id_at(at), code, at)

    def _sharing(self, resident: Resident, shop: Shop, name: str) -> Callable[[datetime], object]:
        def share(at: datetime) -> None:
            person = self.people[resident.address]
            grant_field(person.person_id, self.shops[shop.name].third_party_id, name, by=person, at=at)

        return share

    def _no_longer_sharing(self, resident: Resident, shop: Shop, name: str) -> Callable[[datetime], object]:
        def stop(at: datetime) -> None:
            person = self.people[resident.address]
            end_grant(person.person_id, self.shops[shop.name].third_party_id, name, by=person, at=at)

        return stop

    def _asking(self, resident: Resident, shop: Shop, name: str) -> Callable[[datetime], object]:
        def ask(at: datetime) -> None:
            to = ThirdPartyRecipient.at(self.shops[shop.name].tills[0])
            try:
                disclose(self.people[resident.address].person_id, to=to, purpose="serving", fields=[name], at=at)
            except Refused:
                return  # and it stands in the person's Activity

        return ask

    def _moment(self, *, days_ago: int, hour: int) -> datetime:
        day = localtime(self.now) - timedelta(days=days_ago)
        moment = day.replace(hour=hour, minute=self.random.randint(0, 59), second=self.random.randint(0, 59))
        return moment.astimezone(UTC)


def _secret_of(resident: Resident) -> Secret:
    """Hashing a password takes as long as a week of somebody's visits, so most people here use a passkey."""
    if resident.has_password:
        return Password(PASSWORD)
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    return NewPasskey(credential_id=secrets.token_bytes(32), public_key=cbor.encode(public), sign_count=0)


def live(town: Town, acts: list[Act]) -> Iterator[int]:
    """Do them in the order of time; yields how many are done."""
    for number, act in enumerate(sorted(acts, key=lambda act: act.at), start=1):
        act.do(act.at)
        yield number
    mark_demo_data(at=town.now)

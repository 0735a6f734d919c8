"""Two months of the small town, lived through the product's own actions in the order of time: nothing is made up in the
tables, so every page of the demo is true."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from django.utils.timezone import localtime

from kliento.domain.accounts.actions import accept_terms, answer_age_band, open_signup, verify_signup
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.cards.actions import codes_for
from kliento.domain.cards.rules import slot_at
from kliento.domain.entrance.actions import finish_signup
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.policy.actions import mark_demo_data
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import set_value
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.sharing.actions import end_grant, grant_field
from kliento.domain.visits.actions import NewScan, record_scans
from kliento.interfaces.demo.town import ARRANGEMENT, PASSWORD, SEED, Resident, Shop
from kliento.kernel.actor import PersonActor, SystemActor, TerminalActor
from kliento.kernel.ids import id_at

DAYS = 60
_HOLDER = SystemActor(task="demo")


@dataclass(frozen=True)
class Act:
    """Something somebody does at a moment."""

    at: datetime
    do: Callable[[datetime], object]


@dataclass(frozen=True)
class Opened:
    """A shop with its tills."""

    third_party_id: UUID
    tills: tuple[TerminalActor, ...]


class Town:
    """The shops and residents as they come to be; acts find each other's results here."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.random = Random(SEED)  # noqa: S311 - the same town at every start
        self.shops: dict[str, Opened] = {}
        self.people: dict[str, PersonActor] = {}

    def open_shop(self, shop: Shop, *, at: datetime) -> None:
        """Approve it and pair one till at each of its premises."""
        third_party = recipients.add_third_party(
            name=shop.name, business_id=shop.business_id, country="FI", by=_HOLDER, at=at
        )
        recipients.approve_third_party(third_party.id, arrangement=ARRANGEMENT, signed_on=at.date(), by=_HOLDER, at=at)
        self.shops[shop.name] = Opened(
            third_party.id, tuple(_paired_till(third_party.id, name, at=at) for name in shop.premises)
        )

    def acts_of(self, resident: Resident) -> Iterator[Act]:
        """Registering, storing, visiting, sharing, being asked: at most one visit a day, none before registering."""
        days_here = self.random.randint(12, DAYS - 2)
        registered = self._moment(days_ago=days_here, hour=self.random.randint(9, 20))
        yield Act(registered, lambda at: self._register(resident, at=at))
        for number, (field, text) in enumerate(resident.values.items(), start=1):
            yield Act(registered + timedelta(minutes=number), self._storing(resident, field, text))
        for shop in resident.shops:
            yield from self._custom(resident, shop, days_here)

    def _custom(self, resident: Resident, shop: Shop, days_here: int) -> Iterator[Act]:
        """A customer's visits to one shop, one detail shared there, and one the shop asks for."""
        visits = sorted(
            self.random.sample(range(1, days_here), min(days_here - 1, self.random.randint(2, 9))), reverse=True
        )
        for days_ago in visits:
            hour = self.random.randint(shop.opens_at, shop.closes_at - 1)
            yield Act(self._moment(days_ago=days_ago, hour=hour), self._visiting(resident, shop))
        if resident.is_minor:
            return
        first = self._moment(days_ago=visits[0], hour=shop.closes_at)
        for field in resident.shares.get(shop.name, ()):
            yield Act(first + timedelta(minutes=5), self._sharing(resident, shop, field))
        yield Act(first + timedelta(minutes=20), self._asking(resident, shop, self.random.choice(shop.asks)))
        for field in resident.stops_sharing.get(shop.name, ()):
            yield Act(first + timedelta(hours=30), self._no_longer_sharing(resident, shop, field))

    def _register(self, resident: Resident, *, at: datetime) -> None:
        """Every step of signing up, as the pages do them; only the code need not travel by mail."""
        signup = open_signup(resident.address, at=at)
        verify_signup(signup.id, signup.code or "", at=at)
        answer_age_band(signup.id, is_minor=resident.is_minor, at=at)
        accept_terms(signup.id, version=register().terms.version, at=at)
        self.people[resident.address] = finish_signup(signup.id, Password(PASSWORD), language="en", at=at)

    def _storing(self, resident: Resident, field: str, text: str) -> Callable[[datetime], object]:
        def store(at: datetime) -> None:
            person = self.people[resident.address]
            set_value(person.person_id, field, text, by=person, at=at)

        return store

    def _visiting(self, resident: Resident, shop: Shop) -> Callable[[datetime], object]:
        def visit(at: datetime) -> None:
            [code] = codes_for(self.people[resident.address], from_slot=slot_at(at))
            till = self.random.choice(self.shops[shop.name].tills)
            record_scans([NewScan(id_at(at), code, at)], by=till, at=at)

        return visit

    def _sharing(self, resident: Resident, shop: Shop, field: str) -> Callable[[datetime], object]:
        def share(at: datetime) -> None:
            person = self.people[resident.address]
            grant_field(person.person_id, self.shops[shop.name].third_party_id, field, by=person, at=at)

        return share

    def _no_longer_sharing(self, resident: Resident, shop: Shop, field: str) -> Callable[[datetime], object]:
        def stop(at: datetime) -> None:
            person = self.people[resident.address]
            end_grant(person.person_id, self.shops[shop.name].third_party_id, field, by=person, at=at)

        return stop

    def _asking(self, resident: Resident, shop: Shop, field: str) -> Callable[[datetime], object]:
        def ask(at: datetime) -> None:
            till = self.shops[shop.name].tills[0]
            try:
                disclose(
                    self.people[resident.address].person_id,
                    to=ThirdPartyRecipient.at(till),
                    purpose="serving",
                    fields=[field],
                    at=at,
                )
            except Refused:
                return  # and it stands in the person's Activity

        return ask

    def _moment(self, *, days_ago: int, hour: int) -> datetime:
        day = localtime(self.now) - timedelta(days=days_ago)
        moment = day.replace(hour=hour, minute=self.random.randint(0, 59), second=self.random.randint(0, 59))
        return moment.astimezone(UTC)


def live(town: Town, acts: list[Act]) -> Iterator[int]:
    """Do them in the order of time; yields how many are done."""
    for number, act in enumerate(sorted(acts, key=lambda act: act.at), start=1):
        act.do(act.at)
        yield number
    mark_demo_data(at=town.now)


def _paired_till(third_party_id: UUID, premises_name: str, *, at: datetime) -> TerminalActor:
    premises = recipients.add_premises(third_party_id, premises_name, by=_HOLDER)
    code = recipients.make_pairing_code(premises.id, by=_HOLDER, at=at)
    _terminal, secret = recipients.pair_terminal(code, name="Till 1", at=at)
    return terminal_actor(secret)

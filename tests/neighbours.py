"""One town: the same people at two companies, and all that each company gets of them, turn by turn (threat 8)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.models import Card, Medium
from kliento.domain.claiming.actions import claim_card
from kliento.domain.outbox.actions import work_off
from kliento.domain.profile.actions import remove_value
from kliento.domain.programmes.actions import open_programme, take_into_use
from kliento.domain.programmes.queries import ProgrammeView
from kliento.domain.questions.actions import make_question
from kliento.domain.questions.rules import QuestionView
from kliento.domain.rights.actions import close_account
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at, new_id
from tests import taps
from tests.blanks import blank_card
from tests.domain.cards.test_unsealing import sealed
from tests.hoards import Hoard, text_of
from tests.interfaces.counter.tills import paired
from tests.mailing import Postbox
from tests.portal import operator, portal_of
from tests.world import Place, kahvila_kaisa, kuntosali_kunto, shares, stores

FILL = 3
"""The first of them, by whom the pages get their words and headings: those tell of nobody."""
SHARED = ("first_name", "last_name", "phone", "email", "birth_date", "city")


class Ago(NamedTuple):
    """How many minutes ago a card was shown for a reward, at the till's page, and a card without an account."""

    reward: int
    page: int
    card: int


# No two within ten minutes at one company, for these are one visit; none at the same time at both: a code is used once.
_AGO = {"kaisa@example.fi": Ago(27, 1, 14), "kunto@example.fi": Ago(20, 9, 45)}
_WHERE_PEOPLE_COME = ("/partner/today", "/counter/", "/counter/state")
_WHERE_PEOPLE_ACT = ("/partner/notices", "/partner/claims", "/api/v1/block-list")
_PAGES = (
    *_WHERE_PEOPLE_COME, *_WHERE_PEOPLE_ACT,
    *(f"/partner/{page}" for page in ("visits", "members", "questions", "programme", "premises", "terminals", "team")),
    *(f"/partner/{page}" for page in ("audit", "blank-cards", "companies")),
    *(f"/counter/{page}" for page in ("block-list", "questions", "places", "settings", "keypad")),
)  # fmt: skip


@dataclass
class Company:
    """One of the two: its people, its tills, and what they got so far."""

    place: Place
    owner: OperatorActor
    question: QuestionView
    programme: ProgrammeView
    portal: Client
    till: Client
    address: str
    postbox: Postbox
    hoard: Hoard = field(default_factory=Hoard)
    order: dict[int, int] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def secret(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.place.secret}"}

    def send(self, path: str, body: Mapping[str, object], source: str) -> dict[str, object]:
        """To the API, as a program of theirs would; the answer is kept."""
        answer = Client().post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=self.secret
        )
        assert answer.status_code < 300, answer.content
        self.answers[source] = text_of(answer)
        return answer.json()

    def scan(self, code: str, occurred_at: datetime, source: str = "POST scans") -> dict[str, object]:
        """One card at the till that has no page."""
        scan = {"id": str(id_at(occurred_at)), "code": code, "occurred_at": occurred_at.isoformat()}
        return self.send("scans", {"scans": [scan]}, source)["scans"][0]  # type: ignore[index]

    def look(self, turn: int, pages: Sequence[str], *, since: datetime, everywhere: bool = False) -> None:
        """Keep what they can look at now: their member of that turn, these pages, and what they were sent.

        `everywhere`: all there is, with whatever it says of the turns since it was looked at last.
        """
        cache.clear()  # nobody is kept from looking often
        number = self.numbers.get(turn, "00000000")
        answers, self.answers = self.answers, {}
        asked = {"fields": ",".join(SHARED), "purpose": "serving"}
        texts = {
            "GET members": text_of(Client().get(f"/api/v1/members/{number}", asked, headers=self.secret)),
            "member's page": text_of(self.portal.get(f"/partner/members/{number}")),
            **(self._files(number) if everywhere else {}),
        } | answers
        texts = {f"{name} {number}": text for name, text in texts.items()} | {"mail": "\n".join(self._mail())}
        for page in (*_PAGES, f"/partner/questions/{self.question.id}") if everywhere else pages:
            texts[page] = text_of(self._open(page))
        self.hoard.take(turn if turn >= FILL else None, texts, since=since, until=now())

    def _open(self, page: str) -> HttpResponse:
        if page.startswith("/api"):
            return Client().get(page, headers=self.secret)
        return (self.till if page.startswith("/counter") else self.portal).get(page)

    def _files(self, number: str) -> dict[str, str]:
        chosen, days = {"fields": SHARED, "number": number}, {"from": _first_day()}
        return {
            "members.csv": text_of(self.portal.post("/partner/members.csv", chosen)),
            "members.xlsx": text_of(self.portal.post("/partner/members.xlsx", {"fields": SHARED})),
            "visits.csv": text_of(self.portal.get("/partner/visits.csv", days)),
            "visits.xlsx": text_of(self.portal.get("/partner/visits.xlsx", days)),
        }

    def in_order(self, listing: str) -> list[int]:
        """The turns of the members in the order in which they stand there now."""
        cache.clear()
        answer = self.portal.post(listing) if listing.endswith("csv") else self.portal.get(listing)
        turns = {number: turn for turn, number in self.numbers.items()}
        found = re.findall(r"\b\d{4} ?\d{4}\b", text_of(answer).replace("\xa0", " "))
        return list(dict.fromkeys(turns[each.replace(" ", "")] for each in found if each.replace(" ", "") in turns))

    def _mail(self) -> list[str]:
        return [
            f"{[(name, text) for name, text in letter.items() if name != 'Date']} {letter.get_body(('plain',))}"
            f" {letter.get_body(('html',))}"
            for letter, recipients in zip(self.postbox.messages, self.postbox.recipients, strict=True)
            if self.address in recipients
        ]


@dataclass
class Town:
    """Both companies and the people who go to both."""

    cafe: Company
    gym: Company
    people: list[PersonActor]
    started: datetime
    cards: list[str] = field(default_factory=list)
    declared: dict[object, list[str]] = field(default_factory=dict)

    @property
    def both(self) -> tuple[Company, Company]:
        return self.cafe, self.gym

    def is_looked_over(self, turn: int) -> bool:
        """Whether after this turn they look at all there is; after the others where something changes."""
        last = len(self.people) - 1
        return turn in {FILL - 1, last // 2, last}

    def ids(self) -> dict[object, list[UUID]]:
        """What nobody but the service knows of each person."""
        known: dict[object, list[UUID]] = {}
        for turn, person in enumerate(self.people):
            cards = list(Card.objects.filter(person=person.person_id).values_list("id", flat=True))
            media = list(Medium.objects.filter(card__person=person.person_id).values_list("id", flat=True))
            known[turn] = [person.person_id, person.account_id, *cards, *media]
        return known

    def in_common_order(self, listing: str) -> float:
        """How alike the order of the same people is at both: 1 the same or the other way round, 0 not at all.

        They came to both in orders of their own. What one act brings to both at once stands in the order of its times.
        """
        places = [company.in_order(listing) for company in self.both]
        both = [turn for turn in places[0] if turn in places[1] and not _claims(turn)]
        assert len(both) > 8, (listing, places)
        pairs = [(one, other) for number, one in enumerate(both) for other in both[number + 1 :]]
        alike = sum(places[1].index(one) < places[1].index(other) for one, other in pairs)
        return abs(2 * alike / len(pairs) - 1)


def town(postbox: Postbox, *, size: int) -> Town:
    """Both companies with something on every page, and so many people with cards who have been nowhere yet."""
    opened = now() - timedelta(days=6)
    cafe = _company(kahvila_kaisa(at=opened), "kaisa@example.fi", "Kahvia", postbox, opened)
    gym = _company(kuntosali_kunto(at=opened), "kunto@example.fi", "Vettä", postbox, opened)
    people = [_guest(turn, at=opened) for turn in range(size)]
    made = Town(cafe, gym, people, opened)
    order = list(range(size))
    for seed, company in enumerate(made.both):
        Random(seed).shuffle(order)
        company.order = {turn: place for place, turn in enumerate(order)}
        company.look(-1, (), since=opened, everywhere=True)  # what stands there before anybody comes is nobody's
    return made


def live(made: Town) -> None:
    """Everybody comes to one and to the other; then each does something that both companies learn of."""
    for company in made.both:
        for turn in range(len(made.people)):
            since = now()
            _share(made, company, turn)
            _come(company, made.people[turn], turn, at=_of_turn(made, company, turn))
            company.look(turn, _WHERE_PEOPLE_COME, since=since, everywhere=made.is_looked_over(turn))
    for turn in range(len(made.people)):
        since = now()
        _act(made, turn)
        work_off(at=now())
        for company in made.both:
            company.look(turn, _WHERE_PEOPLE_ACT, since=since, everywhere=made.is_looked_over(turn))


def _company(place: Place, address: str, thanks: str, postbox: Postbox, at: datetime) -> Company:
    owner = operator(place, address=address)
    programme = open_programme(name=f"{thanks} kortti", reward=thanks, stamps_needed=1, by=owner, at=at)
    question = make_question(owner, purpose="serving", reason=f"{thanks}?", needed=["phone"], at=at)
    return Company(place, owner, question, programme, portal_of(owner), paired(place), address, postbox)


def _guest(turn: int, *, at: datetime) -> PersonActor:
    """With values of their own only."""
    guest = taps.cardholder(f"guest{turn}@example.fi", f"Etu{_letters(turn)}", at=at)
    return stores(
        guest,
        at=at,
        last_name=f"Suku{_letters(turn)}",
        phone=f"040 {5_550_000 + turn * 7919}",
        email=f"oma{_letters(turn)}@example.fi",
        birth_date=f"{1960 + turn}-0{1 + turn % 9}-1{turn % 9}",
        city=f"Kylä{_letters(turn)}",
    )


def _share(made: Town, company: Company, turn: int) -> None:
    """A third show one detail to both, the others different ones to each, or none."""
    person = made.people[turn]
    if turn % 3 == 0:
        shares(person, company.place, "city")
        made.declared[turn] = [f"Kylä{_letters(turn)}"]
    elif turn % 3 == 1:
        fields = ("first_name", "phone") if company is made.cafe else ("last_name", "email", "birth_date")
        shares(person, company.place, *fields)
    if turn % 2 == 0:
        made_at = made.started + timedelta(hours=1)
        programme = company.programme
        take_into_use(person.person_id, programme.id, version=programme.version, by=person, at=made_at)


def _of_turn(made: Town, company: Company, turn: int) -> datetime:
    first = made.started + timedelta(hours=3 if company is made.cafe else 70, seconds=11 if company is made.cafe else 0)
    return first + timedelta(minutes=37 * company.order[turn], seconds=7 * turn)


def _come(company: Company, person: PersonActor, turn: int, *, at: datetime) -> None:
    """A visit days ago, one just now at the till with a page, and one that waited there; a reward for some."""
    first = company.scan(taps.code_of(person, at=at), at)
    assert first["outcome"] == "identified", first
    company.numbers[turn] = str(first["member_number"])
    ago = _AGO[company.address]
    lately = now() - timedelta(minutes=ago.reward, seconds=3 * turn)
    again = company.scan(taps.code_of(person, at=lately), lately, "POST scans again")
    shown = now() - timedelta(minutes=ago.page)
    form = {"code": taps.code_of(person, at=shown), "scan_id": str(new_id()), "occurred_at": shown.isoformat()}
    company.answers["answer at the till"] = text_of(company.till.post("/counter/", form))
    waited, scan_id = at + timedelta(hours=2), new_id()
    queue = [
        {
            "id": str(scan_id),
            "sealed": sealed(taps.code_of(person, at=waited), scan_id),
            "occurred_at": waited.isoformat(),
        }
    ]
    company.answers["queue handed in"] = text_of(company.till.post("/counter/scans", {"scans": json.dumps(queue)}))
    if turn % 4 == 0:
        redemption = {"id": str(new_id()), "visit_id": again["visit_id"]}
        company.send("redemptions", redemption, "POST redemptions")
        if turn % 8 == 0:
            company.send("reversals", {"redemption_id": redemption["id"]}, "POST reversals")
    if turn % 5 == 2:
        asked = {"question_id": str(company.question.id), "member_number": company.numbers[turn]}
        company.answers["asked at the till"] = text_of(company.till.post("/counter/ask", asked))


def _act(made: Town, turn: int) -> None:
    """What one person does once, and both companies see the consequence of. At a time nobody looks at anything."""
    person, at = made.people[turn], now() - timedelta(minutes=15, seconds=turn)
    if turn % 3 == 0:
        remove_value(person.person_id, "city", by=person, at=at)
    elif turn % 6 == 1:
        for medium in Medium.objects.filter(card__person=person.person_id, state="active"):
            block_medium(person.person_id, medium.id, by=person, at=at)
    elif _claims(turn):
        _claim(made, person, turn, at=at)
    if turn % 15 == 6:
        close_account(person, language="en", at=at)


def _claims(turn: int) -> bool:
    return turn % 3 == 2


def _claim(made: Town, person: PersonActor, turn: int, *, at: datetime) -> None:
    """A card nobody had is shown at both; its holder claims it with the code of one."""
    number = blank_card(at=made.started)
    made.cards.append(number)
    for company in made.both:
        shown = now() - timedelta(minutes=_AGO[company.address].card, seconds=turn)
        visit = company.scan(number, shown, "POST scans of a card")
        if company is made.cafe:
            code = company.send("claim-codes", {"visit_id": visit["visit_id"]}, "POST claim-codes")["code"]
    claim_card(str(code), by=person, at=at)


def _letters(turn: int) -> str:
    """A name's worth of them, of one person alone."""
    return "".join(
        "bdfgklmnprstv"[(turn * 5 + step * (turn + 3)) % 13] + "aeiouy"[(turn + step) % 6] for step in range(4)
    )


def _first_day() -> str:
    return (now() - timedelta(days=8)).date().isoformat()

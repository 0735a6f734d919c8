"""Threat 5: nobody learns at the door whether an address is known: answers are equal to the byte, limits included."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from kliento.domain.accounts.actions import create_invited_account
from kliento.domain.accounts.queries import account_at, login_index
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.recipients.actions import open_invitation
from kliento.domain.recipients.queries import operator_of
from kliento.interfaces.signin.limits import LETTERS_A_DAY_TO
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from kliento.web.limits import spend
from tests.databases import Databases
from tests.door import DOOR, PARTNERS, letters
from tests.portal import operator
from tests.world import PASSWORD, aino, kahvila_kaisa

KNOWN, UNKNOWN = "aino@example.fi", "eino@example.fi"
Walk = Callable[[Client, str, str], list[object]]


def seen(response: object) -> tuple[int, list[tuple[str, str]], bytes]:
    """All a visitor can see of an answer, but for random tokens, and seconds left that depend on the clock alone."""
    headers = [
        (name, re.sub(r"=[A-Za-z0-9]{32}(?=;|$)", "=TOKEN", value))
        for name, value in [*response.items(), *(("Set-Cookie", c.OutputString()) for c in response.cookies.values())]  # type: ignore[attr-defined]
        if name not in {"Retry-After", "Expires", "X-Request-Id"}
    ]
    plain = [(name, re.sub(r"expires=[^;]+;", "", value)) for name, value in headers]
    body = re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", response.content)  # type: ignore[attr-defined]
    return response.status_code, sorted(plain), body.replace(UNKNOWN.encode(), KNOWN.encode())  # type: ignore[attr-defined]


def signing_up(browser: Client, address: str, door: str) -> list[object]:
    """Ask for a code, look at the next page, try codes until there are no tries left, and one more."""
    answers: list[object] = [browser.post(f"{door}register/", {"email": address}), browser.get(f"{door}register/code")]
    answers += [browser.post(f"{door}register/code", {"code": "nocode"}) for _ in range(7)]
    return [*answers, browser.get(f"{door}register/age"), browser.get(f"{door}register/secret")]


def resetting(browser: Client, address: str, door: str) -> list[object]:
    """The same for a new password."""
    answers: list[object] = [browser.post(f"{door}reset/", {"email": address}), browser.get(f"{door}reset/code")]
    answers += [browser.post(f"{door}reset/code", {"code": "nocode"}) for _ in range(7)]
    return [*answers, browser.get(f"{door}reset/password")]


def signing_in(browser: Client, address: str, door: str) -> list[object]:
    """A wrong password, again and again, past every limit."""
    return [browser.post(door, {"email": address, "password": "wrong, I fear"}) for _ in range(15)]


def letters_past_the_limit(browser: Client, address: str, door: str) -> list[object]:
    """Codes asked for until no more are sent, in two spellings, by every way of that door that sends any."""
    ways, spellings = WAYS[door], [address, address.upper()] * 3
    answers: list[object] = [browser.post(f"{door}{ways[0]}/", {"email": one}) for one in spellings]
    return [*answers, *(browser.post(f"{door}{way}/", {"email": address}) for way in ways)]


def joining(browser: Client, address: str, door: str) -> list[object]:
    """Be invited, follow the link, and fail to answer it: without a name, and with a password that is too short."""
    owner = operator_of(account_at("kaisa@example.fi", at=now()))
    token = open_invitation(address, "till", by=owner, at=now()).token
    answers: list[object] = [browser.get(f"{door}join/{token}"), browser.get(f"{door}join")]
    for given in ({"password": PASSWORD}, {"name": "Kaija", "password": "short"}, {}):
        answers.append(browser.post(f"{door}join/new", given))
    return answers


WAYS = {DOOR: ("register", "reset"), PARTNERS: ("reset",)}
WALKS = {
    DOOR: (signing_up, resetting, signing_in, letters_past_the_limit),
    PARTNERS: (resetting, signing_in, letters_past_the_limit, joining),
}
at_every_door = pytest.mark.parametrize(
    ("walk", "door"), [pytest.param(walk, door, id=f"{walk.__name__} {door}") for door in WALKS for walk in WALKS[door]]
)


def for_work_alone() -> None:
    """Somebody who joined a team at the known address: an account without a person."""
    index = login_index(KNOWN)
    create_invited_account(new_id(), Password(PASSWORD), login_index=index, language="en", at=now())


@pytest.mark.parametrize("knows", [aino, for_work_alone])
@at_every_door
def test_a_known_and_an_unknown_address_get_the_same_answers(
    walk: Walk, door: str, knows: Callable[[], object], db: Databases
) -> None:
    knows()
    operator(kahvila_kaisa())
    cache.clear()
    known = [seen(response) for response in walk(Client(), KNOWN, door)]
    cache.clear()
    unknown = [seen(response) for response in walk(Client(), UNKNOWN, door)]

    assert len(known) == len(unknown)
    for one, other in zip(known, unknown, strict=True):
        assert one == other


@contextmanager
def statements() -> Iterator[list[tuple[str, str]]]:
    """Every statement on either database in its order, without what was filled in."""
    seen: list[tuple[str, str]] = []

    def noting(alias: str) -> Callable[..., object]:
        def note(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
            seen.append((alias, re.sub(r"SAVEPOINT \S+", "SAVEPOINT", sql)))
            return execute(sql, params, many, context)

        return note

    with ExitStack() as watching:
        for alias in connections:
            watching.enter_context(connections[alias].execute_wrapper(noting(alias)))
        yield seen


@pytest.mark.parametrize("knows", [aino, for_work_alone])
@at_every_door
def test_a_known_and_an_unknown_address_cost_the_same_statements(
    walk: Walk, door: str, knows: Callable[[], object], db: Databases
) -> None:
    knows()
    operator(kahvila_kaisa())
    work = []
    for address in ("visitor@example.fi", KNOWN, UNKNOWN):  # the first fills what is remembered in memory
        cache.clear()
        with statements() as done:
            walk(Client(), address, door)
        work.append(done)
    _, known, unknown = work
    assert known
    assert known == unknown


@pytest.mark.parametrize("door", WALKS)
def test_every_limit_was_reached_in_those_walks(door: str, db: Databases) -> None:
    for walk in (signing_in, letters_past_the_limit):
        cache.clear()
        statuses = [response.status_code for response in walk(Client(), UNKNOWN, door)]  # type: ignore[attr-defined]
        assert statuses[-1] == 429
        assert statuses[0] != 429


def test_a_day_has_thirty_letters_for_an_address_and_the_limit_says_nothing(db: Databases) -> None:
    aino()
    for door, way in ((door, way) for door, ways in WAYS.items() for way in ways):
        answers = []
        for address in (KNOWN, UNKNOWN):
            cache.clear()
            spend(LETTERS_A_DAY_TO, login_index(address), times=29)
            answers += [Client().post(f"{door}{way}/", {"email": one}) for one in (address, address.upper())]
        assert [answer.status_code for answer in answers] == [302, 429, 302, 429]
        assert seen(answers[1]) == seen(answers[3])


@pytest.mark.parametrize("door", WALKS)
def test_a_limit_of_a_network_address_says_nothing_either(door: str, db: Databases) -> None:
    aino()
    cache.clear()
    answers = [
        Client().post(door, {"email": f"visitor{number}@example.fi", "password": "wrong"}).status_code
        for number in range(61)
    ]
    assert answers[-1] == 429
    known, unknown = (Client().post(door, {"email": one, "password": PASSWORD}) for one in (KNOWN, UNKNOWN))
    assert seen(known) == seen(unknown)
    assert known.status_code == 429


def test_the_doors_count_together_so_that_two_give_no_more_tries_than_one(db: Databases) -> None:
    aino()
    cache.clear()
    tries = [signing_in(Client(), KNOWN, DOOR)[-1], *signing_in(Client(), KNOWN, PARTNERS)]
    assert {answer.status_code for answer in tries} == {429}  # type: ignore[attr-defined]
    letters_past_the_limit(Client(), KNOWN, DOOR)
    assert Client().post(f"{PARTNERS}reset/", {"email": KNOWN}).status_code == 429


def test_only_the_owner_learns_it_by_mail(client: Client, db: Databases) -> None:
    aino()
    client.post(f"{DOOR}register/", {"email": KNOWN})
    [letter] = letters()
    assert letter.to == [KNOWN]
    assert "There is an account with it already" in str(letter.body)
    assert not re.search(r"\b\d{6}\b", str(letter.body))


@pytest.mark.parametrize("door", WALKS)
def test_a_passkey_question_is_the_same_for_everybody(door: str, client: Client, db: Databases) -> None:
    aino()
    question = client.post(f"{door}passkey/question").json()["publicKey"]
    assert not question.get("allowCredentials")

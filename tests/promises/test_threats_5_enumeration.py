"""Threat 5: nobody learns at the door whether an address is known: answers are equal to the byte, limits included."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from kliento.domain.accounts.actions import create_invited_account
from kliento.domain.accounts.queries import login_index
from kliento.domain.accounts.rules.secrets import Password
from kliento.interfaces.signin.limits import LETTERS_A_DAY_TO
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from kliento.web.limits import spend
from tests.databases import Databases
from tests.door import DOOR, letters
from tests.world import PASSWORD, aino

KNOWN, UNKNOWN = "aino@example.fi", "eino@example.fi"
Walk = Callable[[Client, str], list[object]]


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


def signing_up(browser: Client, address: str) -> list[object]:
    """Ask for a code, look at the next page, try codes until there are no tries left, and one more."""
    answers: list[object] = [browser.post(f"{DOOR}register/", {"email": address}), browser.get(f"{DOOR}register/code")]
    answers += [browser.post(f"{DOOR}register/code", {"code": "nocode"}) for _ in range(7)]
    return [*answers, browser.get(f"{DOOR}register/age"), browser.get(f"{DOOR}register/secret")]


def resetting(browser: Client, address: str) -> list[object]:
    """The same for a new password."""
    answers: list[object] = [browser.post(f"{DOOR}reset/", {"email": address}), browser.get(f"{DOOR}reset/code")]
    answers += [browser.post(f"{DOOR}reset/code", {"code": "nocode"}) for _ in range(7)]
    return [*answers, browser.get(f"{DOOR}reset/password")]


def signing_in(browser: Client, address: str) -> list[object]:
    """A wrong password, again and again, past every limit."""
    return [browser.post(DOOR, {"email": address, "password": "wrong, I fear"}) for _ in range(15)]


def letters_past_the_limit(browser: Client, address: str) -> list[object]:
    """Codes asked for until no more are sent, in two spellings, by both ways that send any."""
    spellings = [address, address.upper()] * 3
    answers: list[object] = [browser.post(f"{DOOR}register/", {"email": one}) for one in spellings]
    return [*answers, *(browser.post(f"{DOOR}{way}/", {"email": address}) for way in ("register", "reset"))]


def for_work_alone() -> None:
    """Somebody who joined a team at the known address: an account without a person."""
    index = login_index(KNOWN)
    create_invited_account(new_id(), Password(PASSWORD), login_index=index, language="en", at=now())


@pytest.mark.parametrize("knows", [aino, for_work_alone])
@pytest.mark.parametrize("walk", [signing_up, resetting, signing_in, letters_past_the_limit])
def test_a_known_and_an_unknown_address_get_the_same_answers(
    walk: Walk, knows: Callable[[], object], db: Databases
) -> None:
    knows()
    cache.clear()
    known = [seen(response) for response in walk(Client(), KNOWN)]
    cache.clear()
    unknown = [seen(response) for response in walk(Client(), UNKNOWN)]

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
@pytest.mark.parametrize("walk", [signing_up, resetting, signing_in, letters_past_the_limit])
def test_a_known_and_an_unknown_address_cost_the_same_statements(
    walk: Walk, knows: Callable[[], object], db: Databases
) -> None:
    knows()
    work = []
    for address in ("visitor@example.fi", KNOWN, UNKNOWN):  # the first fills what is remembered in memory
        cache.clear()
        with statements() as done:
            walk(Client(), address)
        work.append(done)
    _, known, unknown = work
    assert known
    assert known == unknown


def test_every_limit_was_reached_in_those_walks(db: Databases) -> None:
    for walk in (signing_in, letters_past_the_limit):
        cache.clear()
        statuses = [response.status_code for response in walk(Client(), UNKNOWN)]  # type: ignore[attr-defined]
        assert statuses[-1] == 429
        assert statuses[0] != 429


def test_a_day_has_thirty_letters_for_an_address_and_the_limit_says_nothing(db: Databases) -> None:
    aino()
    for way in ("register", "reset"):
        answers = []
        for address in (KNOWN, UNKNOWN):
            cache.clear()
            spend(LETTERS_A_DAY_TO, login_index(address), times=29)
            answers += [Client().post(f"{DOOR}{way}/", {"email": one}) for one in (address, address.upper())]
        assert [answer.status_code for answer in answers] == [302, 429, 302, 429]
        assert seen(answers[1]) == seen(answers[3])


def test_a_limit_of_a_network_address_says_nothing_either(db: Databases) -> None:
    aino()
    cache.clear()
    answers = [
        Client().post(DOOR, {"email": f"visitor{number}@example.fi", "password": "wrong"}).status_code
        for number in range(61)
    ]
    assert answers[-1] == 429
    known, unknown = (Client().post(DOOR, {"email": one, "password": PASSWORD}) for one in (KNOWN, UNKNOWN))
    assert seen(known) == seen(unknown)
    assert known.status_code == 429


def test_only_the_owner_learns_it_by_mail(client: Client, db: Databases) -> None:
    aino()
    client.post(f"{DOOR}register/", {"email": KNOWN})
    [letter] = letters()
    assert letter.to == [KNOWN]
    assert "There is an account with it already" in str(letter.body)
    assert not re.search(r"\b\d{6}\b", str(letter.body))


def test_a_passkey_question_is_the_same_for_everybody(client: Client, db: Databases) -> None:
    aino()
    question = client.post(f"{DOOR}passkey/question").json()["publicKey"]
    assert not question.get("allowCredentials")

"""Threat 5: asking for another sign-in address tells nobody whether it has an account."""

import pytest
from django.core.cache import cache
from django.test import Client

from kliento.kernel.clock import now
from tests.door import DOORS, letters, signs_in
from tests.promises.test_threats_5_enumeration import KNOWN, UNKNOWN, seen, statements
from tests.world import aino, person


def asking(address: str, door: str) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    """What a signed-in somebody sees who asks for this address, tries codes till none is left, and asks past the limit.

    The random id of their change, which the form holds, is left out.
    """
    browser = Client()
    assert signs_in(browser, "tuija@example.fi", door=door)
    cache.clear()
    answers = [browser.post(f"{door}security/address", {"email": address}), browser.get(f"{door}security/address/code")]
    change = answers[1].content.decode().partition('name="change" value="')[2].partition('"')[0]
    answers += [browser.post(f"{door}security/address/code", {"change": change, "code": "nocode"}) for _ in range(7)]
    answers += [browser.post(f"{door}security/address", {"email": one}) for one in [address, address.upper()] * 3]
    looks = [seen(answer) for answer in [*answers, browser.get(f"{door}security/address")]]
    return [(status, headers, body.replace(change.encode(), b"CHANGE")) for status, headers, body in looks]


@pytest.mark.parametrize("door", DOORS.values())
def test_a_known_and_an_unknown_address_get_the_same_answers_for_the_same_work(door: str, db: object) -> None:
    aino(at=now())
    person("tuija@example.fi", at=now())
    answers, work = [], []
    for address in ("visitor@example.fi", KNOWN, UNKNOWN):  # the first fills what is remembered in memory
        with statements() as done:
            answers.append(asking(address, door))
        work.append(done)
    assert answers[1] == answers[2]
    assert work[1] == work[2]
    assert [status for status, _, _ in answers[1]] == [302, 200, *[400] * 7, *[302] * 5, 429, 200]


def test_only_the_owner_of_the_address_learns_it_by_mail(db: object) -> None:
    aino(at=now())
    person("tuija@example.fi", at=now())
    asking(KNOWN, DOORS["me"])
    letter = next(one for one in letters() if one.to == [KNOWN])
    assert "has an account of its own" in str(letter.body)
    assert "tuija" not in str(letter.body)

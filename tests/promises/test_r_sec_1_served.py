"""R-SEC-1 over HTTP: a whole day at the served product leaves nothing in clear, its log and sessions included."""

import re
import time

from kliento.domain.dispatch.queries import mailbox
from kliento.kernel.ids import new_id
from tests import canary, world
from tests.browsing import Browser
from tests.databases import Databases
from tests.serving import Served

ADDRESS = "kanaria.rekisteroi@linnut.example"
PASSWORD = "kanarialinnun kolme munaa"
VALUES = {"first_name": "Kanarialintunen", "phone": "+358401239876", "feedback": "Kanariansaarten terveiset"}
TYPED_WRONG = "kanaria ei ole osoite"

AS_EDITED = {"phone": "040 1239876"}  # numbers are edited the way they are written


def code_for(address: str, *, after: int) -> str:
    """The six digits of the newest letter with a code, once there are more than `after` such letters."""
    deadline, found = time.monotonic() + 20, []
    while len(found) <= after and time.monotonic() < deadline:
        time.sleep(0.1)
        letters = [letter for letter in mailbox() if letter.to == address]
        found = [code[0] for letter in letters if (code := re.search(r"\b\d{6}\b", letter.text))]
    assert len(found) > after
    return found[0]


def register(visitor: Browser) -> str:
    """Sign up as a person does; answers with the code that was in the letter."""
    door = "/sign-in/me/register/"
    assert visitor.submit(door, {"email": TYPED_WRONG}).status == 400
    visitor.submit(door, {"email": ADDRESS})
    code = code_for(ADDRESS, after=0)
    visitor.submit(f"{door}code", {"code": "000000" if code != "000000" else "111111"})
    visitor.submit(f"{door}code", {"code": code})
    visitor.submit(f"{door}age", {"age_band": "18_or_over"})
    visitor.submit(f"{door}terms", {"version": world.TERMS})
    assert visitor.submit(f"{door}secret", {"password": PASSWORD}).url.endswith("/me/")
    return code


def codes_of(person: Browser) -> dict[str, str]:
    """What the person's card shows: a rotating code, and the number that stands in groups of four."""
    rotating = re.search(r"K2\.[0-9A-Z.]+", person.get("/me/codes").text)
    page = person.submit("/me/card-number/showing", {}, on="/me/card-number").text
    number = re.search(r"K1[0-9A-Z]{14}", re.sub(r"<[^>]*>|\s", "", page))
    assert rotating is not None
    assert number is not None
    return {"K2": rotating[0], "K1": number[0]}


def test_a_day_at_the_served_product_leaves_nothing_in_clear(db: Databases, served: Served) -> None:
    cafe = world.kahvila_kaisa()
    aino, till = Browser(served.url), Browser(served.url)
    letter_code = register(aino)
    for field, text in VALUES.items():
        assert aino.submit(f"/me/details/{field}", {"value": text}).status == 200
        assert aino.submit(f"/me/details/{field}", {"value": f"{text}\x00"}).status == 400
        assert AS_EDITED.get(field, text) in aino.get(f"/me/details/{field}").text
    shown = codes_of(aino)
    for code in (*shown.values(), *VALUES.values(), ADDRESS):
        scanned = till.post_json("/api/v1/scans", {"scans": [{"id": str(new_id()), "code": code}]}, secret=cafe.secret)
        assert scanned.status == 200
    till.post_json("/api/v1/scans", f'{{"scans": [{{"code": "{VALUES["first_name"]}', secret=cafe.secret)
    till.post_json("/api/v1/scans", {"scans": [{"id": ADDRESS, "code": 1}], "kanarialintunen": 1}, secret=cafe.secret)
    assert VALUES["feedback"] in aino.submit("/me/download", {}).text
    session = aino.cookies
    stranger = Browser(served.url)
    stranger.submit("/sign-in/me/", {"email": ADDRESS, "password": f"{PASSWORD}x"})
    stranger.submit("/sign-in/me/", {"email": ADDRESS, "password": PASSWORD})
    stranger.submit("/sign-in/me/reset/", {"email": ADDRESS})
    reset_code = code_for(ADDRESS, after=1)
    planted = {**VALUES, **shown, "address": ADDRESS, "password": PASSWORD, "wrong": TYPED_WRONG, **session}
    assert canary.finds(planted, db) == []
    # Six digits also turn up by chance within times and ids: only where they stand alone are they a code.
    alone = re.compile(rb"(?<![\w.:-])(%s|%s)(?![\w.:-])" % (letter_code.encode(), reset_code.encode()))
    assert [place for place, content in canary.tables() if alone.search(content)] == []

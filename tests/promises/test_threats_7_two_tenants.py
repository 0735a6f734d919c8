"""T-7: what belongs to one company is not found by another's people, tills and members, at any address there is.

Found from the URL table: a new address needs a row, which says what GET and POST answer to somebody of the other
company who sends ids of the first one, and why if that is not "not found".
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kliento.domain.cards.rules import slot_at
from kliento.domain.recipients.actions import make_pairing_code
from kliento.domain.sharing.queries import relationship_by_number
from kliento.domain.visits.models import Visit
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.kernel.ids import new_id
from tests.phone import phone_of
from tests.portal import portal_of
from tests.taps import code_of
from tests.tenants import First, Other, first, other, rows_about
from tests.world import REGISTER_HOLDER

OWN, EVERYBODY = "one's own company alone", "the same for everybody, whoever asks"
OFFERED = "offered to anybody: what is asked or offered is public, what somebody answered is not"
SCREEN = "the till's own screen, which says that it is not known"
CARD = "a card is its holder's: shown at this till, it is a visit here and nowhere else"
HOLDER = "whoever holds the mailed link may look at what it invites to"


@dataclass(frozen=True)
class Row:
    """What somebody of the other company gets who sends the first one's ids."""

    get: int = 405
    post: int = 405
    body: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def own(get: int = 200, post: int = 405, **body: str) -> Row:
    """A page without an id: it shows and changes what is one's own."""
    return Row(get, post, body, OWN)


PORTAL = {
    "partner:start": own(302),
    "partner:workplaces": Row(200, 404, {"company": "{third_party_id}"}),
    "partner:today": own(),
    "partner:visits": own(),
    "partner:visits_csv": own(),
    "partner:visits_xlsx": own(),
    "partner:members": own(),
    "partner:members_csv": own(405, 200),
    "partner:members_xlsx": own(405, 200),
    "partner:member": Row(404),
    "partner:ask_member": Row(404, 404, {"question": "{question_id}"}),
    "partner:questions": own(),
    "partner:new_question": own(200, 400),
    "partner:question": Row(404),
    "partner:close_question": Row(post=404),
    "partner:notices": own(),
    "partner:confirm_notice": Row(post=404, body={"notice": "{notice_id}"}),
    "partner:programme": own(),
    "partner:new_programme": own(200, 400),
    "partner:change_programme": own(200, 400),
    "partner:close_programme": own(405, 302),
    "partner:premises": own(),
    "partner:add_premises": own(200, 302, name="Keskusta"),
    "partner:rename_premises": Row(404, 404, {"name": "Ours"}),
    "partner:pairing": Row(404, 404),
    "partner:counting": Row(404, 404, {"counts": "stays"}),
    "partner:demands": own(200, 302, identify="rotating", redeem="rotating"),
    "partner:pins": own(200, 400, wanted="yes"),
    "partner:pin": own(200, 302, pin="4071", again="4071"),
    "partner:terminals": own(),
    "partner:revoke_terminal": Row(post=404),
    "partner:team": own(),
    "partner:invite": own(200, 302, email="somebody@example.fi", role="till"),
    "partner:withdraw_invitation": Row(post=404),
    "partner:role": Row(404, 404, {"role": "till"}),
    "partner:end_operator": Row(404, 404),
    "partner:name": own(200, 302, name="Reijo"),
    "partner:audit": own(),
    "partner:close": own(200, 200),
}
TILL = {
    "counter:till": own(200, 400),
    "counter:pair": own(200, 200),
    "counter:settings": own(200, 302),
    "counter:scans": Row(405, 400, why=CARD),
    "counter:state": own(),
    "counter:manifest": Row(200, why=EVERYBODY),
    "counter:service_worker": Row(200, why=EVERYBODY),
    "counter:shell": Row(200, why=EVERYBODY),
    "counter:block_list": own(),
    "counter:unlock": own(302, 302),
    "counter:end_shift": own(405, 302),
    "counter:places": Row(200, 404, {"premises_id": "{premises_id}"}),
    "counter:keypad": own(200, 200),
    "counter:redeem": Row(post=200, body={"visit_id": "{visit_id}", "redemption_id": "{new}"}, why=SCREEN),
    "counter:undo": Row(post=200, body={"redemption_id": "{new}"}, why=SCREEN),
    "counter:undo_scan": Row(post=200, body={"scan_id": "{new}"}, why=SCREEN),
    "counter:ask": Row(post=200, body={"question_id": "{question_id}", "member_number": "{number}"}, why=SCREEN),
    "counter:questions": own(),
    "counter:question": Row(404),
}
API = {
    "api:openapi-json": Row(200, why=EVERYBODY),
    "api:api-root": Row(404, 404, why=EVERYBODY),
    "api:post_terminal": Row(post=400, body={"code": "AAAA-AAAA-AAAA", "name": "Till"}),
    "api:post_scans": Row(post=200, why=CARD),
    "api:post_redemption": Row(post=404, body={"id": "{new}", "visit_id": "{visit_id}"}),
    "api:post_reversal": Row(post=404, body={"redemption_id": "{new}"}),
    "api:get_block_list": own(),
    "api:get_member": Row(404),
}
_RELATION = "one's own relationship with a company anybody may choose"
PERSON = {
    "person:manifest": Row(200, why=EVERYBODY),
    "person:service_worker": Row(200, why=EVERYBODY),
    "person:card_shell": Row(200, why=EVERYBODY),
    "person:card": own(),
    "person:latest": own(),
    "person:codes": own(),
    "person:card_number": own(200),
    "person:show_number": own(405, 200),
    "person:use_again": own(405, 302),
    "person:wallet": own(),
    "person:loyalty_card": Row(200, why=OFFERED),
    "person:take_into_use": Row(post=400, why=OFFERED),
    "person:put_out_of_use": Row(post=302, why=_RELATION),
    "person:activity": own(),
    "person:entry": Row(404),
    "person:stop_from_entry": Row(post=404),
    "person:not_me": Row(404, 404),
    "person:disputed": Row(404),
    "person:me": own(),
    "person:details": own(),
    "person:field": own(200, 200),
    "person:special": Row(404, 404, why=EVERYBODY),
    "person:withdrawal": Row(405, 400, why=EVERYBODY),
    "person:removal": own(405, 302),
    "person:hiding": own(405, 404),
    "person:showing": own(405, 404),
    "person:question": Row(200, 400, why=OFFERED),
    "person:answer": Row(200, why=OFFERED),
    "person:special_answer": Row(404, 404, why=EVERYBODY),
    "person:sharing": own(),
    "person:default_set": own(200, 302),
    "person:company": Row(200, why=_RELATION),
    "person:pausing": Row(post=404),
    "person:resuming": Row(post=404),
    "person:stopping": Row(post=302, why=_RELATION),
    "person:special_visits": Row(404, 404, why=EVERYBODY),
    "person:visits_withdrawal": Row(post=302, why=_RELATION),
    "person:grant": Row(post=302, why=_RELATION),
    "person:special_grant": Row(404, 404, why=EVERYBODY),
    "person:grant_end": Row(200, 302, why=_RELATION),
    "person:ending": Row(post=302, why=_RELATION),
    "person:purposes": own(),
    "person:objection": Row(post=404, why=EVERYBODY),
    "person:objection_ending": Row(post=404, why=EVERYBODY),
    "person:feedback": own(200, 200),
    "person:feedback_removal": own(405, 302),
    "person:download": own(200, 200),
    "person:close": own(200, 400),
    "person:closed": Row(200, why=EVERYBODY),
}
# Doors are for whoever stands at them: what they answer before one is in is promised under threats 5, 6 and 21.
DOORS = {
    "signin:register*": "",
    "signin:reset*": "",
    "signin:sign_*": "",
    "signin:*": "signed in: one's own sign-in",
    "partner_signin:reset*": "",
    "partner_signin:sign_*": "",
    "partner_signin:join*": HOLDER,
    "partner_signin:*": "signed in: one's own sign-in",
}
BY_ID = {"signin:remove_passkey": Row(post=404), "partner_signin:remove_passkey": Row(post=404)}
PUBLIC = {"alive", "ready", "public:*"}
DEMO = {"demo:*"}  # development only, and over data made up for it
ROWS = PORTAL | TILL | API | PERSON | BY_ID
SLOT = timedelta(seconds=30)  # back to a code she has not shown at the first company
OFFERS = {"third_party_id", "programme_id", "question_id", "code", "token", "number"}


def routes() -> dict[str, str]:
    """Every address of the URL table by name, as it is written there."""
    return dict(_walk(get_resolver().url_patterns, "", "/"))


def _walk(patterns: list[URLPattern | URLResolver], namespace: str, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(
                entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, path
            )
        else:
            yield f"{namespace}{entry.name}", path


def _named(name: str, rows: Iterator[str] | set[str] | dict[str, str]) -> bool:
    return any(name == row or (row[-1] == "*" and name.startswith(row[:-1])) for row in rows)


@dataclass(frozen=True)
class World:
    first: First
    other: Other

    def path(self, name: str) -> str:
        """The address with the first company's ids in it."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: self.first.ids[part[1]], routes()[name])

    def body(self, row: Row) -> dict[str, str]:
        return {key: text.format(**self.first.ids, new=new_id()) for key, text in row.body.items()}

    def kept(self, *, for_a_person: bool = False) -> set[str]:
        """What stands about the first company; for a person without what everybody may answer and choose."""
        left_out = OFFERS if for_a_person else {"code", "token", "number"}
        about = [each for name, each in self.first.ids.items() if name not in left_out]
        office = self.first.office
        return rows_about([*about, str(office.aino.person_id), str(office.owner.account_id)])


@pytest.fixture
def world(db) -> World:
    cache.clear()
    return World(first(), other())


def judge(world: World, client: Client, rows: Mapping[str, Row], secrets: list[str], **options: bool) -> None:
    """Ask every address as this client and hold the answer against its row."""
    before, wrong = world.kept(**options), []
    for name, row in rows.items():
        for method, expected in (("get", row.get), ("post", row.post)):
            answer = getattr(client, method)(world.path(name), world.body(row) if method == "post" else {})
            shown = [each for each in secrets if each in _said(answer)]
            changed = world.kept(**options) ^ before
            if answer.status_code != expected or changed or shown:
                wrong.append((name, method, answer.status_code, shown, sorted(changed)))
                before = world.kept(**options)
            cache.clear()
    assert not wrong, "\n".join(str(each) for each in wrong)


def _said(answer) -> str:
    """The body, without the address that was asked for, which the language form carries along."""
    body = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r'<input type="hidden" name="next" value="[^"]*">', "", body.decode(errors="replace"))


def test_threat_7_every_address_has_a_row() -> None:
    elsewhere = DOORS.keys() | PUBLIC | DEMO
    assert [name for name in routes() if name not in ROWS and not _named(name, elsewhere)] == []
    assert ROWS.keys() - routes().keys() == set()


def test_threat_7_every_operation_of_the_api_has_a_row(client: Client, db) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]
    paths = {path.replace("{", "<").replace("}", ">") for path in described}
    assert paths <= {routes()[name] for name in API}


def test_threat_7_another_companys_owner_finds_nothing_in_the_portal(world: World) -> None:
    judge(world, portal_of(world.other.owner), PORTAL, world.first.secrets)


def test_threat_7_another_companys_till_finds_nothing_at_the_counter(world: World) -> None:
    till = Client()
    code = make_pairing_code(world.other.place.premises_id, by=REGISTER_HOLDER, at=now())
    assert till.post("/counter/pair", {"code": code, "name": "Kassa"}).status_code == 302
    judge(world, till, TILL, world.first.secrets)


def test_threat_7_another_companys_till_finds_nothing_over_the_api(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.other.place.secret}"}
    before = world.kept()
    for name, row in API.items():
        path, answers = world.path(name), []
        if row.get != 405:
            asked = {"fields": "first_name,phone", "purpose": "serving"} if name == "api:get_member" else {}
            answers.append((Client().get(path, asked, headers=headers), row.get))
        if row.post != 405:
            body = {"scans": [_scan(world)]} if name == "api:post_scans" else world.body(row)
            sent = json.dumps(body)
            answers.append((Client().post(path, sent, content_type="application/json", headers=headers), row.post))
        for answer, expected in answers:
            assert answer.status_code == expected, (name, answer.content)
            assert not any(each in answer.content.decode() for each in world.first.secrets), name
            if name == "api:post_scans":
                before = world.kept()
            assert world.kept() == before, name


def _scan(world: World) -> dict[str, str]:
    """The member of the first company shows her card at the other one's till."""
    tapped, at = Visit.objects.get(id=world.first.ids["visit_id"]).occurred_at, now()
    unused = at if slot_at(at) > slot_at(tapped) else at - SLOT
    return {"id": str(new_id()), "code": code_of(world.first.office.aino, at=unused)}


def test_threat_7_a_card_of_a_member_is_another_number_at_another_till(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.other.place.secret}"}
    sent = json.dumps({"scans": [_scan(world)]})
    [answer] = Client().post("/api/v1/scans", sent, content_type="application/json", headers=headers).json()["scans"]
    assert answer["outcome"] == "identified"
    assert answer["values"] == {}
    assert answer["member_number"] != world.first.office.number
    with pytest.raises(NotFound):
        relationship_by_number(world.first.office.place.third_party_id, answer["member_number"])


def test_threat_7_another_person_finds_nothing_of_a_member(world: World) -> None:
    office = world.first.office
    hers = ["Aino", "Aalto", "401234567", "40 1234567", office.number, "maija@example.fi"]
    rows = PERSON | {"signin:remove_passkey": BY_ID["signin:remove_passkey"]}
    judge(world, phone_of(world.other.eino), rows, hers, for_a_person=True)


def test_threat_7_another_operator_removes_nobodys_passkey(world: World) -> None:
    rows = {"partner_signin:remove_passkey": BY_ID["partner_signin:remove_passkey"]}
    judge(world, portal_of(world.other.owner), rows, world.first.secrets)


def test_threat_7_the_rows_would_notice_if_it_were_ones_own(world: World) -> None:
    browser = portal_of(world.first.office.owner)
    for name in ("partner:member", "partner:question", "partner:rename_premises", "partner:role"):
        answer = browser.get(world.path(name))
        assert answer.status_code == 200, name
        assert any(each in answer.content.decode() for each in world.first.secrets), name
    assert UUID(world.first.ids["premises_id"])

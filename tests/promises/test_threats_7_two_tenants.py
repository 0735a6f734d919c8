"""T-7: what belongs to one company is not found by another's people, tills and members, at any address there is.

Found from the URL table: a new address needs a row, which says what GET and POST answer to somebody of the other
company who sends ids of the first one, and why if that is not "not found".
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
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
from tests.choosing import words_now
from tests.phone import phone_of
from tests.portal import portal_of
from tests.taps import code_of
from tests.tenant_rows import API, BY_ID, CARD, DEMO, DOORS, PERSON, PORTAL, PUBLIC, ROWS, TILL, Row
from tests.tenants import First, Other, first, other, rows_about
from tests.world import REGISTER_HOLDER

SLOT = timedelta(seconds=30)  # back to a code she has not shown at the first company
TEXTS = {"channel", "code", "session_id", "token", "number", "uid", "claim_code", "sealed_scans"}
OFFERS = {"third_party_id", "programme_id", "question_id"}
OF_THE_MEMBER = {"visit_id", "entry_id", "medium_id", "claim_id", "message_id", "event_id"}


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
        more = {"new": new_id(), "sharing_words": words_now("serving")}
        return {key: text.format(**self.first.ids, **more) for key, text in row.body.items()}

    def kept(self, *, for_a_person: bool = False, of_the_company: bool = False) -> set[str]:
        """What stands about the first company and its member; for a person without what everybody may answer and
        choose, of the company without what is the member's."""
        left_out = TEXTS | (OFFERS if for_a_person else set()) | (OF_THE_MEMBER if of_the_company else set())
        about = [each for name, each in self.first.ids.items() if name not in left_out]
        office = self.first.office
        people = [office.owner.account_id] if of_the_company else [office.owner.account_id, office.aino.person_id]
        return rows_about([*about, *map(str, people)])


@pytest.fixture
def world(db) -> World:
    cache.clear()
    return World(first(), other())


def judge(world: World, client: Client, rows: Mapping[str, Row], secrets: list[str], **options: bool) -> None:
    """Ask every address as this client and hold the answer against its row. A card that is shown is a visit here."""
    wrong = []
    for name, row in rows.items():
        kept = partial(world.kept, of_the_company=row.why == CARD, **options)
        before = kept()
        for method, expected in (("get", row.get), ("post", row.post)):
            answer = getattr(client, method)(world.path(name), world.body(row) if method == "post" else {})
            shown = [each for each in secrets if each in _said(answer)]
            changed = kept() ^ before
            if answer.status_code != expected or changed or shown:
                wrong.append((name, method, answer.status_code, shown, sorted(changed)))
                before = kept()
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
    hers = Visit.objects.filter(subject_id=world.first.office.aino.person_id)
    assert hers.filter(third_party_id=world.other.place.third_party_id).exists()


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
    rows = PERSON | {name: row for name, row in BY_ID.items() if name.startswith("signin:")}
    judge(world, phone_of(world.other.eino), rows, hers, for_a_person=True)


def test_threat_7_another_operator_removes_nobodys_passkey_and_ends_nobodys_session(world: World) -> None:
    rows = {name: row for name, row in BY_ID.items() if name.startswith("partner_signin:")}
    judge(world, portal_of(world.other.owner), rows, world.first.secrets)


def test_threat_7_the_rows_would_notice_if_it_were_ones_own(world: World) -> None:
    browser = portal_of(world.first.office.owner)
    for name in ("partner:member", "partner:question", "partner:rename_premises", "partner:role"):
        answer = browser.get(world.path(name))
        assert answer.status_code == 200, name
        assert any(each in answer.content.decode() for each in world.first.secrets), name
    aino = phone_of(world.first.office.aino)
    assert aino.get(world.path("person:carrier")).status_code == 200
    assert aino.post(world.path("person:block_carrier")).status_code == 302
    till = {"headers": {"Authorization": f"Bearer {world.first.office.place.secret}"}}
    sent = json.dumps(world.body(API["api:post_claim_code"]))
    given = Client().post(world.path("api:post_claim_code"), sent, content_type="application/json", **till)
    assert given.status_code == 201
    assert browser.post(world.path("partner:undo_claim")).status_code == 302
    assert UUID(world.first.ids["premises_id"])

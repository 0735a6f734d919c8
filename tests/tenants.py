"""Two companies with something on every page and behind every id: what one of them must not reach of the other."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from kliento.domain.accounts.actions import store_passkey
from kliento.domain.accounts.models import Passkey
from kliento.domain.accounts.rules.passkeys import NewPasskey
from kliento.domain.accounts.rules.sessions import stored_key
from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import make_blank_cards
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.queries import history_of
from kliento.domain.consents.rules import Choice
from kliento.domain.entrance.actions import invite_operator
from kliento.domain.inbox.actions import post_message
from kliento.domain.inbox.queries import messages_of
from kliento.domain.programmes.actions import open_programme, take_into_use
from kliento.domain.programmes.queries import programme_by
from kliento.domain.recipients.actions import name_oneself, open_invitation
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.blanks import blank_card, claimed, code_for, shown
from tests.domain.cards.test_unsealing import sealed
from tests.media import STICKER, sticker
from tests.office import Office, office
from tests.phone import phone_of
from tests.portal import operator
from tests.taps import cardholder, tap
from tests.world import REGISTER_HOLDER, Place, kuntosali_kunto


@dataclass(frozen=True)
class First:
    """Kahvila Kaisa, whose ids are tried. `ids`: what stands in for each parameter of an address, and in forms."""

    office: Office
    ids: dict[str, str]
    secrets: list[str]


@dataclass(frozen=True)
class Other:
    """Kuntosali Kunto, whose people and till try them."""

    place: Place
    owner: OperatorActor
    eino: PersonActor


def message(to: PersonActor, *, at: datetime) -> UUID:
    """A message in the service to this person; its id."""
    post_message("secret_changed", person_id=to.person_id, context={"door": "me"}, at=at)
    return messages_of(to, limit=1)[0].id


def first() -> First:
    """The company whose things are to stay its own, and all that would show if they did not."""
    kaisa, at = office(), now()
    name_oneself("Kaisa Kahvinen", by=kaisa.owner)
    invite_operator("matti@example.fi", "till", by=kaisa.owner, language="en", at=at)
    invitation = open_invitation("maija@example.fi", "till", by=kaisa.owner, at=at)
    store_passkey(kaisa.owner.account_id, NewPasskey(new_id().bytes, b"key", 0, "Chrome"), at=at)
    programme = programme_by(kaisa.place.third_party_id)
    assert programme is not None
    [newest, *_] = entries_of([kaisa.aino.person_id], limit=1)
    visit = Visit.objects.get()
    unclaimed = blank_card(at=at)
    scan_id = new_id()
    scan = {"id": str(scan_id), "sealed": sealed(STICKER, scan_id), "occurred_at": at.isoformat()}
    ids: dict[str, object] = {
        "premises_id": kaisa.place.premises_id,
        "terminal_id": kaisa.place.terminal.terminal_id,
        "operator_id": kaisa.owner.operator_id,
        "invitation_id": invitation.id,
        "question_id": kaisa.question_id,
        "notice_id": kaisa.notice_id,
        "third_party_id": kaisa.place.third_party_id,
        "programme_id": programme.id,
        "visit_id": visit.id,
        "scan_id": visit.scan_id,
        "medium_id": sticker(kaisa.aino, at=at),
        "batch_id": make_blank_cards(1, third_party_id=kaisa.place.third_party_id, by=REGISTER_HOLDER, at=at).batch_id,
        "claim_id": claimed(blank_card(at=at), kaisa.place, kaisa.aino, at=at),
        "unclaimed_visit_id": shown(unclaimed, kaisa.place, at=at).visit_id,
        "claim_code": code_for(unclaimed, kaisa.place, at=at + timedelta(seconds=1)),
        "entry_id": newest.id,
        "message_id": message(kaisa.aino, at=at),
        "event_id": choice(kaisa.aino, at=at),
        "passkey_id": Passkey.objects.values_list("id", flat=True).get(),
        "session_id": stored_key(phone_of(kaisa.aino).cookies["me"].value)[:16],
        "number": kaisa.number,
        "token": invitation.token,
        "code": "phone",
        "channel": "email",
        "uid": STICKER,
        "sealed_scans": json.dumps([scan]),
    }
    secrets = ["Aino", "Aalto", "401234567", "40 1234567", kaisa.number, "Kallio", "Kaisa Kahvinen"]
    secrets += ["matti@example.fi", "maija@example.fi", "kaisa@example.fi", "To book a table", "Kaisan kortti"]
    return First(kaisa, {name: str(each) for name, each in ids.items()}, secrets)


def choice(by: PersonActor, *, at: datetime) -> UUID:
    """A consent this person gave."""
    give_consent(by.person_id, Choice("monthly_summary", "email"), by=by, at=at)
    return history_of(by.person_id, limit=1)[0].id


def other() -> Other:
    """The company next door, with an owner, a member, a programme, and a till."""
    gym, at = kuntosali_kunto(at=now()), now()
    owner = operator(gym, address="rival@example.fi")
    eino = cardholder("eino@example.fi", "Eino", at=at)
    made = open_programme(name="Kunnon kortti", reward="Kerta", stamps_needed=5, by=owner, at=at)
    take_into_use(eino.person_id, made.id, version=made.version, by=eino, at=at)
    tap(eino, gym, at=at)
    return Other(gym, owner, eino)


def rows_about(ids: list[str]) -> set[str]:
    """Every row of the main database that holds one of these ids, and what stands in it."""
    sought = [UUID(each).hex for each in ids]
    connection, found = connections["default"], set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                text = f"{table} {[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row]}"
                if table != "accounts_session" and any(each in text.replace("-", "") for each in sought):
                    found.add(text)
    return found

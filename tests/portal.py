"""Operators in the portal: appointed through the product's actions, signed in as a sign-in would have left them."""

from uuid import UUID

from django.http import StreamingHttpResponse
from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.recipients.actions import appoint_operator
from kliento.interfaces.signin.sessions import cookie_of
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from tests.world import REGISTER_HOLDER, Place, person

DOOR = "/sign-in/partner/"


def operator(place: Place, role: str = "owner", *, address: str = "kaisa@example.fi") -> OperatorActor:
    """Somebody with an account of their own who works there."""
    account_id = person(address, at=now()).account_id
    return appointed(account_id, place, role)


def appointed(account_id: UUID, place: Place, role: str = "owner") -> OperatorActor:
    """This account, working there."""
    facts = {"third_party_id": place.third_party_id, "role": role, "by": REGISTER_HOLDER, "at": now()}
    row = appoint_operator(account_id, **facts)
    return OperatorActor(account_id, place.third_party_id, row.id, role)


def portal_of(who: OperatorActor) -> Client:
    """A browser in which this operator is signed in for that company."""
    return signed_in(who.account_id, third_party_id=who.third_party_id)


def signed_in(account_id: UUID, *, third_party_id: UUID | None = None) -> Client:
    """A browser signed in at the partners' door, for that company or for none yet."""
    session = SessionStore(audience="partner")
    session.update({"account_id": str(account_id), "signed_in_at": now().isoformat(), "device": "Chrome, Linux"})
    if third_party_id is not None:
        session["third_party_id"] = str(third_party_id)
    session.save()
    client = Client()
    client.cookies[cookie_of("partner")] = str(session.session_key)
    return client


def whole(answer: StreamingHttpResponse) -> bytes:
    """A file as it is taken along, all its pieces."""
    return b"".join(answer.streaming_content)

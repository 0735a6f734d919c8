"""A signed-in person's browser: the session a sign-in would have left, without walking through the sign-in."""

from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.interfaces.signin.sessions import cookie_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now


def cookie_for(person: PersonActor) -> dict[str, str]:
    """Name and value of a fresh session's cookie."""
    session = SessionStore(audience="me")
    session.update({"account_id": str(person.account_id), "signed_in_at": now().isoformat(), "device": "Chrome, Linux"})
    session.save()
    assert session.session_key is not None
    return {"name": cookie_of("me"), "value": session.session_key}


def phone_of(person: PersonActor) -> Client:
    """A browser without JavaScript in which this person is signed in."""
    client = Client()
    cookie = cookie_for(person)
    client.cookies[cookie["name"]] = cookie["value"]
    return client


def text_of(response) -> str:
    """The page's text with single spaces, tags left in."""
    return " ".join(response.content.decode().split())

"""A visitor at the door: walks through the sign-up and sign-in pages as a browser without scripts does."""

import re

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from kliento.domain.outbox.actions import work_off
from kliento.kernel.clock import now
from tests.world import PASSWORD

DOOR = "/sign-in/me/"
PARTNERS = "/sign-in/partner/"
DOORS = {"me": DOOR, "partner": PARTNERS}
"""Each audience's own; the person's is what the functions here walk through unless told otherwise."""


def letters() -> list[EmailMessage]:
    """Every letter sent so far, newest first."""
    work_off(at=now())
    return mail.outbox[::-1]


def code_in(letter: EmailMessage) -> str:
    """The six digits of a letter."""
    found = re.search(r"^\s*(\d{6})\s*$", str(letter.body), re.MULTILINE)
    assert found, letter.body
    return found[1]


def registered(address: str = "aino@example.fi", *, age_band: str = "18_or_over", **headers: str) -> Client:
    """A browser that has just gone through every step."""
    browser = Client(headers=headers)
    begun(browser, address)
    answers = [("age", {"age_band": age_band}), ("terms", {"version": "1"}), ("secret", {"password": PASSWORD})]
    for step, answer in [("code", {"code": code_in(letters()[0])}), *answers]:
        response = browser.post(f"{DOOR}register/{step}", answer)
        assert response.status_code == 302, response.content.decode()
    return browser


def begun(browser: Client, address: str) -> None:
    """This browser has asked for a code."""
    response = browser.post(f"{DOOR}register/", {"email": address})
    assert (response.status_code, response.url) == (302, f"{DOOR}register/code")


def signs_in(browser: Client, address: str = "aino@example.fi", password: str = PASSWORD, *, door: str = DOOR) -> bool:
    """Whether this browser gets in."""
    return browser.post(door, {"email": address, "password": password}).status_code == 302

"""Choosing as a person does: read the page, press the button that carries its words back."""

import re

from django.http import HttpResponse
from django.test import Client

from kliento.domain.consents.queries import shown_now
from kliento.domain.consents.rules import Choice


def agree(phone: Client, page: str, *, at: str = "", **more: str) -> HttpResponse:
    """Press the yes of a form that stands on `page`; `at` is the form's address, without it the page's own."""
    return phone.post(at or page, {"answer": "agree", "wording": wording_on(phone, page, at=at), **more})


def share(phone: Client, company: str, field: str, **more: str) -> HttpResponse:
    """Switch on `field` on the page of a company, which stands at the address `company`."""
    there = f"{company}/{field}/grant"
    return phone.post(there, {"wording": wording_on(phone, company, at=there), **more})


def words_now(purpose: str) -> str:
    """What any form about that purpose carries now, in English."""
    return ".".join(shown_now(Choice(purpose), "en"))


def wording_on(phone: Client, page: str, *, at: str = "") -> str:
    """What the form carries to say which words were read."""
    text = phone.get(page).content.decode()
    if at:
        text = text.split(f'action="{at}"', 1)[1]
    return re.search(r'name="wording" value="([^"]*)"', text)[1]

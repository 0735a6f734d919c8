"""Choosing as a person does: read the page, press the button that carries its words back."""

import re

from django.http import HttpResponse
from django.test import Client


def agree(phone: Client, page: str, *, at: str = "", **more: str) -> HttpResponse:
    """Press the yes of a form that stands on `page`; `at` is the form's address, without it the page's own."""
    return phone.post(at or page, {"answer": "agree", "wording": wording_on(phone, page, at=at), **more})


def wording_on(phone: Client, page: str, *, at: str = "") -> str:
    """What the form carries to say which words were read."""
    text = phone.get(page).content.decode()
    if at:
        text = text.split(f'action="{at}"', 1)[1]
    return re.search(r'name="wording" value="([^"]*)"', text)[1]

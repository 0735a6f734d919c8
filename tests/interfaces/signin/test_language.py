"""The language buttons: the page at once, and the letters from then on, for persons and operators alike."""

import re

import pytest
from django.test import Client

from kliento.domain.accounts.models import Account
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.portal import operator, portal_of
from tests.world import aino, kahvila_kaisa


def language_of(account_id) -> str:
    return Account.objects.get(id=account_id).language


def presses(browser: Client, page: str, language: str, **more: str):
    """The person presses a language's button at the foot of that page."""
    address = re.search(r'<form class="languages" method="post" action="([^"]+)"', text_of(browser.get(page)))[1]
    return browser.post(address, {"language": language, "next": page, **more})


@pytest.mark.parametrize("page", ["/me/", "/me/me", "/sign-in/me/security/", "/help", "/me/questions/none"])
def test_a_person_is_written_to_in_the_language_they_chose_last(db, page):
    me = aino(at=now())
    phone = phone_of(me)

    assert presses(phone, page, "fi")["Location"] == page
    assert '<html lang="fi">' in text_of(phone.get(page))
    assert language_of(me.account_id) == "fi"
    presses(phone, page, "sv")
    assert language_of(me.account_id) == "sv"


@pytest.mark.parametrize("page", ["/partner/visits", "/sign-in/partner/security/", "/partner/nowhere"])
def test_an_operator_is_written_to_in_the_language_they_chose_last(db, page):
    kaisa = operator(kahvila_kaisa(at=now()), "owner")
    office = portal_of(kaisa)

    assert presses(office, page, "fi")["Location"] == page
    assert language_of(kaisa.account_id) == "fi"


def test_a_visitor_changes_the_language_of_the_browser_alone(db):
    me, browser = aino(at=now()), Client()
    presses(browser, "/help", "fi")

    assert '<html lang="fi">' in text_of(browser.get("/help"))
    assert language_of(me.account_id) == "en"


def test_no_other_language_and_nothing_else_is_taken(db):
    me = aino(at=now())

    for browser in (phone_of(me), Client()):
        assert presses(browser, "/help", "tlh").status_code == 400
        assert presses(browser, "/help", "").status_code == 400
        assert "django_language" not in browser.cookies
    assert presses(phone_of(me), "/me/", "fi", password="x").status_code == 400
    assert language_of(me.account_id) == "en"


def test_a_page_that_was_open_before_an_update_still_changes_the_language(db):
    me = aino(at=now())
    phone = phone_of(me)

    assert phone.post("/i18n/setlang/", {"language": "fi", "next": "/me/"})["Location"] == "/me/"
    assert '<html lang="fi">' in text_of(phone.get("/me/"))

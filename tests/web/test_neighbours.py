"""Development on a network: the mailbox is this machine's, and nobody from outside gets anything."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from kliento.web.limits import address_of
from kliento.web.neighbours import NeighboursOnly, is_this_machine

make = RequestFactory().get


@pytest.mark.parametrize("peer", ["192.168.1.5", "10.0.0.7", "192.0.2.9", "8.8.8.8", "2001:db8::1", ""])
def test_the_demo_mailbox_is_not_there_for_another_machine(peer: str, db: object) -> None:
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    assert Client(REMOTE_ADDR=peer, headers=forged).get("/demo/mail").status_code == 404


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"])
def test_this_machine_reads_its_mail(peer: str, db: object) -> None:
    assert Client(REMOTE_ADDR=peer).get("/demo/mail").status_code == 200
    assert is_this_machine(make("/", REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("peer", "answered"),
    [
        ("127.0.0.1", True),
        ("192.168.1.9", True),
        ("::ffff:10.0.0.7", True),
        ("8.8.8.8", False),
        ("100.64.0.1", False),
        ("2606:4700::1", False),
        ("", False),
    ],
)
def test_only_neighbours_are_answered(peer: str, answered: bool) -> None:
    door = NeighboursOnly(lambda request: HttpResponse("in"))
    if answered:
        assert door(make("/", REMOTE_ADDR=peer)).status_code == 200
    else:
        with pytest.raises(PermissionDenied):
            door(make("/", REMOTE_ADDR=peer))


def test_without_a_proxy_a_header_changes_nobodys_limit(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = None
    plain = make("/", secure=True, REMOTE_ADDR="192.168.1.9")
    forged = make("/", secure=True, REMOTE_ADDR="192.168.1.9", HTTP_X_FORWARDED_FOR="192.168.1.77")
    assert address_of(plain) == address_of(forged)

"""Threat 8: two companies lay side by side everything Kliento ever gave them; what is not shared with both joins nobody.

The town: tests/neighbours.py. How things are told to be the same: tests/hoards.py.
"""

import pytest

from tests.hoards import joined, known_of
from tests.mailing import mail_server
from tests.neighbours import PEOPLE, Town, live, town


@pytest.fixture
def lived(db, settings):
    """The town after everybody has been everywhere."""
    with mail_server() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        made = town(postbox)
        live(made)
        yield made


def test_threat_8_everything_two_companies_got_joins_nobody(lived: Town) -> None:
    found = joined(lived.cafe.hoard, lived.gym.hoard, lived.declared)
    for turn, p in found.items():
        print(turn, len(p), list(p.items())[:12])
    assert not found

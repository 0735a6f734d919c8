"""Threat 8: two companies lay side by side everything Kliento gave them of the same people, and can join nobody.

The town is in tests/neighbours.py; in what ways things are told to be the same, in tests/hoards.py. What both may know
is what the person shares with both. A card without an account is the same plain number everywhere, as its print says.
"""

from collections.abc import Iterator

import pytest

from kliento.domain.sharing.queries import open_notices
from kliento.interfaces.partner.addresses import key_of
from kliento.kernel.ids import new_id
from tests.hoards import joined, known_of
from tests.mailing import mail_server
from tests.neighbours import Town, live, town
from tests.office import office
from tests.portal import portal_of
from tests.world import relation_of


@pytest.fixture
def lived(db, settings, thoroughness) -> Iterator[Town]:
    """The town after everybody has been everywhere."""
    with mail_server() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        made = town(postbox, size=18 if thoroughness == 1 else 30)
        live(made)
        yield made


def test_threat_8_no_address_of_what_one_act_brings_to_many_takes_a_moment(db) -> None:
    kaisa = office()
    portal, [notice] = portal_of(kaisa.owner), open_notices(kaisa.place.third_party_id, limit=9)
    member = relation_of(kaisa.aino, kaisa.place)
    rows = [("members", member.since_at, member.relationship_id), ("notices", notice.made_at, notice.id)]
    for page, at, row_id in rows:
        assert portal.get(f"/partner/{page}", {"before": row_id.hex}).status_code == 200
        assert portal.get(f"/partner/{page}", {"before": key_of(at, row_id)}).status_code == 400
        assert portal.get(f"/partner/{page}", {"before": new_id().hex}).status_code == 404


@pytest.mark.long
def test_threat_8_what_two_companies_were_given_joins_nobody_and_stands_in_no_common_order(lived: Town) -> None:
    cafe, gym = lived.both
    assert joined(cafe.hoard, gym.hoard, lived.declared) == {}
    for company in lived.both:
        assert known_of(company.hoard, lived.ids()) == {}
        assert not [number for number in lived.cards if number.casefold() in company.hoard.turns]
    for listing in ("/partner/members", "/partner/members.csv"):
        assert lived.in_common_order(listing) < 0.75, listing  # by chance once in 100,000 times

"""The allow-list of a download: what it does not name stays, and it forgets nothing that is described."""

import pytest

from kliento.domain.people.queries import describe_person as describe_the_person
from kliento.domain.rights.actions.downloading import DESCRIBED
from kliento.domain.rights.rules import EXPORT, exported
from tests.closing import settled
from tests.world import kahvila_kaisa


def test_what_the_allow_list_does_not_name_does_not_leave():
    described = {
        "schema": "x",
        "secret": 1,
        "person": {"id": "p", "password": "hash"},
        "values": [{"field": "first_name", "versions": [{"text": "Aino", "nonce": "n"}], "row": 7}],
        "card": None,
    }
    assert exported(described) == {
        "schema": "x",
        "person": {"id": "p"},
        "values": [{"field": "first_name", "versions": [{"text": "Aino"}]}],
        "card": None,
    }


@pytest.mark.parametrize("package", DESCRIBED, ids=lambda package: package.__name__.split(".")[-2])
def test_everything_a_package_describes_is_named_in_it(db, package):
    aino = settled("aino@example.fi", kahvila_kaisa())
    described = package.describe_person(aino.person_id)
    assert exported(described) == described


def test_the_persons_own_row_is_named_in_it(db):
    aino = settled("aino@example.fi", kahvila_kaisa())
    described = describe_the_person(aino.person_id)
    assert exported(described, EXPORT["person"]) == described

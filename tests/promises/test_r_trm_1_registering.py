"""R-TRM-1 at registration: a version of the terms is accepted by name, and no consent with it."""

from django.test import Client

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.models import Event
from kliento.domain.people.models import Person
from kliento.domain.policy.queries import register
from tests.databases import Databases
from tests.door import DOOR, begun, code_in, letters, registered
from tests.world import PASSWORD


def at_the_terms() -> Client:
    visitor = Client()
    begun(visitor, "eino@example.fi")
    visitor.post(f"{DOOR}register/code", {"code": code_in(letters()[0])})
    visitor.post(f"{DOOR}register/age", {"age_band": "18_or_over"})
    return visitor


def test_the_accepted_version_is_kept_and_stands_in_activity(db: Databases) -> None:
    registered()
    person = Person.objects.get()
    assert person.terms_version == register().terms.version
    first = entries_of([person.id], limit=9)[-1]
    assert (first.kind, first.payload) == ("person_registered", {"terms_version": register().terms.version})


def test_accepting_them_gives_no_consent(db: Databases) -> None:
    registered()
    assert not Event.objects.exists()
    assert "checkbox" not in at_the_terms().get(f"{DOOR}register/terms").content.decode()


def test_nobody_registers_without_accepting(db: Databases) -> None:
    visitor = at_the_terms()
    assert visitor.post(f"{DOOR}register/terms", {}).status_code == 400
    assert visitor.post(f"{DOOR}register/secret", {"password": PASSWORD}).url == f"{DOOR}register/terms"
    assert not Person.objects.exists()


def test_terms_that_changed_while_they_were_read_are_shown_again(db: Databases) -> None:
    visitor = at_the_terms()
    page = visitor.post(f"{DOOR}register/terms", {"version": "0"}).content.decode()
    assert "The terms have changed" in page
    assert visitor.get(f"{DOOR}register/secret").url == f"{DOOR}register/terms"

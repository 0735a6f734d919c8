"""Kahvila Kaisa with something on every page of its portal: members, visits, stamps, a question, a notice."""

from dataclasses import dataclass
from uuid import UUID

from kliento.domain.gate.actions import disclose_list
from kliento.domain.programmes.actions import open_programme, take_into_use
from kliento.domain.questions.actions import ask_member, make_question
from kliento.domain.sharing.actions import end_grant
from kliento.domain.sharing.queries import open_notices
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.clock import now
from tests.portal import operator
from tests.taps import cardholder, share, tap
from tests.world import Place, kahvila_kaisa, relation_of, stores


@dataclass(frozen=True)
class Office:
    """The company, its owner, a member who shares something, an open question, and a notice to be answered."""

    place: Place
    owner: OperatorActor
    aino: PersonActor
    number: str
    question_id: UUID
    notice_id: UUID


def office(place: Place | None = None, *, written: str = "") -> Office:
    """The company with one member who has been there, shares names and a phone number, and ended another detail.

    `written`: what the company writes wherever it can.
    """
    at, place = now(), place or kahvila_kaisa(at=now())
    owner = operator(place)
    aino = cardholder(at=at)
    stores(aino, at=at, last_name="Aalto", phone="+358401234567", city="Turku")
    share(aino, place, "first_name", "last_name", "phone", "city", at=at)
    programme = open_programme(
        name=written or "Kaisan kortti",
        reward=written or "Kahvi ja pulla",
        stamps_needed=10,
        fields=["first_name"],
        reason=written or "To greet you.",
        by=owner,
        at=at,
    )
    take_into_use(aino.person_id, programme.id, version=programme.version, by=aino, at=at)
    tap(aino, place, at=at)
    relation = relation_of(aino, place)
    reason = written or "To book a table."
    question = make_question(owner, purpose="serving", reason=reason, needed=["phone"], at=at)
    ask_member(question.id, relation.member_number, owner, at=at)
    disclose_list([relation], to=owner, purpose="serving", fields=["city"], at=at)
    end_grant(aino.person_id, place.third_party_id, "city", by=aino, at=at)
    [notice] = open_notices(place.third_party_id, limit=9)
    return Office(place, owner, aino, relation.member_number, question.id, notice.id)

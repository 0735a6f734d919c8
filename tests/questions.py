"""Questions as tests make, put and answer them."""

from datetime import timedelta

from kliento.domain.activity.queries import entries_of
from kliento.domain.questions.actions import (
    answer_question,
    make_question,
)
from kliento.domain.questions.rules import QuestionView
from kliento.domain.sharing.actions import open_relationships
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import OperatorActor, PersonActor
from tests.world import (
    NOON,
    Place,
)

DAY = timedelta(days=1)


def asks(by: OperatorActor, **changes: object) -> QuestionView:
    """The question of these tests: the phone is needed, the rest is up to the person."""
    question: dict[str, object] = {
        "purpose": "serving",
        "reason": "So that we can call when your order is ready.",
        "needed": ["phone"],
        "optional": ["first_name", "allergies"],
        "grant_days": 90,
    }
    return make_question(by, **(question | changes), at=NOON)


def member_number(who: PersonActor, place: Place) -> str:
    pair = Pair(who.person_id, place.third_party_id)
    return open_relationships([pair], at=NOON)[pair].member_number


def shared(who: PersonActor, place: Place, *, at=NOON) -> frozenset[str]:
    pair = Pair(who.person_id, place.third_party_id)
    relation = relations([pair]).get(pair)
    return relation.granted("serving", at=at) if relation else frozenset()


def kinds(who: PersonActor) -> list[str]:
    return [entry.kind for entry in entries_of([who.person_id])]


def yes(question: QuestionView, who: PersonActor, *ticked: str, at=NOON):
    return answer_question(question.id, ticked, seen=question.seen, by=who, at=at)

"""Letters that tell: a third party's operators what their company has to do, a person what is about to end.

Mail can be read on its way: none of these names a person or what was shared, a company is told a member number at most.
They say that there is something to see, and where.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from kliento.domain.consents import queries as consents
from kliento.domain.dispatch.actions.letters import post_letter
from kliento.domain.inbox.actions import post_message
from kliento.domain.inbox.queries import has_unread
from kliento.domain.people.queries import addressee_of
from kliento.domain.questions.queries import asking_to_tell
from kliento.domain.recipients.queries import names_of, operators_to_tell
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing import queries as sharing
from kliento.domain.sharing.actions import mark_announced
from kliento.domain.sharing.rules import REMINDED_AHEAD


def post_to_operators(
    kind: str, third_party_id: UUID, right: Right, *, context: Mapping[str, str], at: datetime
) -> int:
    """Send it to everybody who holds this right there, each in their language; how many letters that are.

    The company's name is added to `context`. Part of the caller's transaction. Nobody, while it is not approved.
    """
    told = operators_to_tell(third_party_id, right)
    names = names_of([third_party_id])
    for account_id, language in told:
        given = {"company": names[third_party_id].name, **context}
        post_letter(kind, owner_id=account_id, language=language, context=given, at=at)
    return len(told)


def tell_of_deletions(third_party_id: UUID, *, at: datetime) -> None:
    """One letter for all notices nobody was told of yet; none when they were all in an earlier one, or confirmed.

    While nobody there can be told, they wait unannounced in the portal.
    """
    with transaction.atomic():
        if operators_to_tell(third_party_id, Right.ANSWER_NOTICES) and mark_announced(third_party_id, at=at):
            context = {"count": str(sharing.open_notices_count(third_party_id))}
            post_to_operators("deletion_notices", third_party_id, Right.ANSWER_NOTICES, context=context, at=at)


def tell_of_question(asking_id: UUID, *, at: datetime) -> None:
    """Put a message about a question among the messages of whoever was asked; nothing once it waits no more."""
    asking = asking_to_tell(asking_id, at=at)
    if asking is not None:
        context = {"company": asking.company, "question_id": str(asking.question_id)}
        post_message("asked", person_id=asking.person_id, context=context, at=at)


def tell_of_words(person_id: UUID, *, at: datetime) -> None:
    """Put among a person's messages that words changed which they agreed or shared under (R-CON-6).

    Nothing while one that says so waits unread, or once they have answered.
    """
    is_asked = consents.asked_again(person_id) or sharing.asked_again(person_id)
    if is_asked and not has_unread(person_id, "words_changed"):
        post_message("words_changed", person_id=person_id, context={}, at=at)


def tell_of_end(relationship_id: UUID, *, at: datetime) -> None:
    """Remind a person that something they share ends within a week; nothing when it has been changed since."""
    found = sharing.ending_soon(relationship_id, at=at, until=at + REMINDED_AHEAD)
    if found is None:
        return
    relation, ends_at = found
    addressee = addressee_of(relation.subject_id)
    if addressee is None:
        return
    account_id, language = addressee
    with override(language):
        day = date_format(localtime(ends_at), "DATE_FORMAT")
    post_letter("sharing_ends", owner_id=account_id, language=language, context={"day": day}, at=at)

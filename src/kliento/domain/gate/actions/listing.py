"""Lists of members for an operator, on a page or in a file: of each member only what they share, entered for each.

A list asks nobody for what they do not share, so it enters nothing about them: not released, and not refused. A file
names everybody in it by number, and that is entered.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entered_already
from kliento.domain.activity.rules import NewEntry
from kliento.domain.gate.actions.deciding import Ask, Held, chosen_of, decided, opened
from kliento.domain.gate.actions.disclosing import completed, demand_declared
from kliento.domain.gate.queries import ThirdPartyRecipient
from kliento.domain.gate.rules import Decision
from kliento.domain.people.queries import lock_people
from kliento.domain.policy.queries import register
from kliento.domain.recipients.actions import note_act
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair, Relation
from kliento.domain.vault.rules import blind_index
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import day_of
from kliento.kernel.errors import Invalid, NotFound

MOST_AT_ONCE = 500
Values = dict[UUID, dict[str, str]]
"""By relationship: the released values and facts by code; nothing for who shares none of what is asked."""


def disclose_list(
    members: Sequence[Relation], *, to: OperatorActor, purpose: str, fields: Sequence[str], at: datetime
) -> Values:
    """What these members, at most 500, share of these fields with the operator's third party.

    A transaction of its own, durable before anything is opened; its statements do not grow with the members. The same
    operator reading the same of a member again within a clock hour makes no second entry. What is shared is asked
    anew: `members` only names them. Special categories are never in a list.

    Raises NotFound for a relationship of another third party, NotAllowed for a role that may not see members; Invalid,
    with a refusal entered for each member, when the purpose or a field is not declared (R-PUR-2).
    """
    with transaction.atomic(durable=True):
        asks = _asks(members, to=to, purpose=purpose, fields=fields, at=at)
        decisions, held = decided(asks, at=at)
        entries = [
            _entry(ask, decision, kind="disclosed", entry_id=_id_within_hour(ask, decision, at=at), at=at)
            for ask, decision in zip(asks, decisions, strict=True)
        ]
        fresh = [entry for entry in entries if entry is not None]
        known = entered_already([entry.id for entry in fresh if entry.id])
        record([entry for entry in fresh if entry.id not in known])
    demand_declared(purpose, fields)
    return _opened(members, asks, decisions, held, at=at)


def disclose_export(
    members: Sequence[Relation],
    *,
    to: OperatorActor,
    purpose: str,
    fields: Sequence[str],
    at: datetime,
    with_stamps: Collection[UUID] = (),
    noted: str = "",
) -> Values:
    """The same for a file the operator takes along: each time it is made, it is entered for each member in it.

    Everybody stands in it by number, so that is entered too, and the stamps of the relationships in `with_stamps`.
    Whoever is not in the answer must not stand in the file. Raises as `disclose_list` does. Called again and again for
    a large file, at most 500 members at a time; `noted` for the first of them notes the act under this reference.
    """
    with transaction.atomic(durable=True):
        asks = _asks(members, to=to, purpose=purpose, fields=fields, at=at)
        decisions, held = decided(asks, at=at)
        entries = [
            _exported(ask, decision, with_stamps=with_stamps, at=at)
            for ask, decision in zip(asks, decisions, strict=True)
        ]
        record([entry for entry in entries if entry is not None])
        if noted:
            note_act(to, "members_exported", reference=noted, at=at)
    demand_declared(purpose, fields)
    values = _opened(members, asks, decisions, held, at=at)
    return {ask.relation.relationship_id: values[ask.relation.relationship_id] for ask in asks if ask.relation}


def _asks(
    members: Sequence[Relation], *, to: OperatorActor, purpose: str, fields: Sequence[str], at: datetime
) -> list[Ask]:
    """One ask for each member who is there, about what they share; about everything, if not all of it is declared."""
    require(to, Right.SEE_MEMBERS)
    if len(members) > MOST_AT_ONCE:
        raise Invalid(code="too_many_members", pointer="members")
    if any(member.third_party_id != to.third_party_id for member in members):
        raise NotFound(code="unknown_member")
    people = lock_people({member.subject_id for member in members})
    found = relations(Pair(person_id, to.third_party_id) for person_id in people)
    recipient, asked = ThirdPartyRecipient.of(to), tuple(dict.fromkeys(fields))
    asks = [Ask(people[pair.subject_id], recipient, purpose, asked, relation) for pair, relation in found.items()]
    return [_about_what_is_shared(ask, at=at) for ask in asks] if _is_declared(purpose, asked) else asks


def _is_declared(purpose: str, fields: Sequence[str]) -> bool:
    declared = register()
    return purpose in declared.purposes and all(code in declared.fields or code in declared.derived for code in fields)


def _about_what_is_shared(ask: Ask, *, at: datetime) -> Ask:
    shared = chosen_of(ask, at=at)
    return Ask(ask.person, ask.to, ask.purpose, tuple(code for code in ask.fields if code in shared), ask.relation)


def _entry(ask: Ask, decision: Decision, *, kind: str, entry_id: UUID | None, at: datetime) -> NewEntry | None:
    """What is entered about one member: a release, or a question about what nothing declares."""
    if ask.person is None or not (decision.released or not _is_declared(ask.purpose, ask.fields)):
        return None
    entry = NewEntry(ask.person.id, kind if decision.released else "disclosure_refused", at, id=entry_id)
    return completed(entry, ask, decision)


def _exported(ask: Ask, decision: Decision, *, with_stamps: Collection[UUID], at: datetime) -> NewEntry | None:
    """What is entered about one member in a file: what was released, the number, and the stamps where there are any."""
    entry = _entry(ask, decision, kind="exported", entry_id=None, at=at)
    if ask.person is None or ask.relation is None or (entry is not None and not decision.released):
        return entry
    if entry is None:
        identifying = register().purpose("identification")
        entry = completed(NewEntry(ask.person.id, "exported", at), ask, decision)
        entry = replace(entry, purpose=identifying.code, basis=identifying.basis)
    beside = ("member_number", "loyalty") if ask.relation.relationship_id in with_stamps else ("member_number",)
    return replace(entry, fields=(*entry.fields, *beside))


def _id_within_hour(ask: Ask, decision: Decision, *, at: datetime) -> UUID | None:
    """The same for the same operator, member, purpose and fields within a clock hour; who lacks our key cannot tell.

    What was stopped and is shared again is another choice, so what leaves after the stop is entered after it (R-ACT-1).
    """
    if ask.person is None or ask.to is None or not decision.released:
        return None
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
    what = ",".join(sorted(f"{code} {_shared_since(ask, code)}" for code in decision.released))
    same = (str(ask.to.operator_id), str(ask.person.id), ask.purpose, what, hour)
    return UUID(bytes=blind_index(settings.KEYRING.existing("index"), "entry", "|".join(same))[:16], version=4)


def _shared_since(ask: Ask, code: str) -> str:
    """When the choice that stands for this field was made; empty where no choice is the ground."""
    chosen = ask.relation.grants if ask.relation else ()
    moments = [each.granted_at for each in chosen if (each.field, each.purpose) == (code, ask.purpose)]
    return "".join(moment.astimezone(UTC).isoformat() for moment in moments if moment)


def _opened(
    members: Sequence[Relation], asks: Sequence[Ask], decisions: Sequence[Decision], held: Held, *, at: datetime
) -> Values:
    values: Values = {member.relationship_id: {} for member in members}
    for ask, decision in zip(asks, decisions, strict=True):
        if ask.relation is not None and ask.person is not None:
            sealed = held.of_each(ask.person.id, decision.released)
            values[ask.relation.relationship_id] = opened(sealed, held.keys, on=day_of(at))
    return values

"""Sharing: the person's switches, one for each field and third party, and what a loyalty card in use shares."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.consents.actions import demand_current, give_consent
from kliento.domain.consents.rules import Choice, Shown
from kliento.domain.people.queries import demand_of_age, lock_self
from kliento.domain.policy.queries import own_notice, register
from kliento.domain.recipients.queries import third_party_of
from kliento.domain.sharing.actions.ending import end_live
from kliento.domain.sharing.actions.entering import entry_about
from kliento.domain.sharing.actions.relationships import open_relationships
from kliento.domain.sharing.models import Grant
from kliento.domain.sharing.queries import grant_has_force, is_special, live_grants, relation_of
from kliento.domain.sharing.rules import (
    LONGEST_GRANT_DAYS,
    PROGRAMME,
    SERVING,
    Pair,
    Relation,
    needs_no_reminder,
)
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Invalid, NotAllowed, NotFound


def grant_field(
    person_id: UUID,
    third_party_id: UUID,
    field: str,
    *,
    purpose: str = SERVING,
    until: datetime | None = None,
    shown: Shown | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Share one field or derived fact with one third party, from its next read on. The same choice twice is one choice.

    `shown` is what the form carried back, as at `give_consent`: with other words than those that stand now nothing is
    shared, and Conflict is raised (R-CON-6). Raises NotAllowed unless `by` is the person, or with code
    "explicit_consent_needed" for a special category (see `grant_special_field`); NotFound for a third party that is not
    approved; Invalid for what is not declared, a purpose the third party is not approved for, or an end that has passed
    or is further off than `rules.LONGEST_GRANT_DAYS`.
    """
    check_shareable(field, purpose)
    if is_special(field):
        raise NotAllowed(
            _("Sharing this needs your explicit consent for this recipient alone."), code="explicit_consent_needed"
        )
    _grant(Pair(person_id, third_party_id), field, purpose=purpose, until=until, shown=shown, by=by, at=at)


def grant_special_field(
    person_id: UUID,
    third_party_id: UUID,
    field: str,
    *,
    purpose: str = SERVING,
    until: datetime | None = None,
    shown: Shown | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Share one special-category field (GDPR Art. 9), with the explicit consent for exactly this recipient (R-DAT-2).

    Call it only from the step that asks for that consent and nothing else; `shown` and Conflict as at `give_consent`.
    """
    check_shareable(field, purpose)
    if not is_special(field):
        raise Invalid(code="not_a_special_field", pointer="field")
    with transaction.atomic():
        _grant(Pair(person_id, third_party_id), field, purpose=purpose, until=until, shown=shown, by=by, at=at)
        choice = Choice(purpose, field=field, recipient_id=third_party_id)
        give_consent(person_id, choice, shown=shown, by=by, at=at)


def change_end(
    person_id: UUID, third_party_id: UUID, field: str, *, until: datetime | None, by: Actor, at: datetime
) -> None:
    """Let a field that is shared be shared until another time, or without an end.

    Works for suspended third parties too. Raises NotFound when it is not shared (any more), Invalid for an end that
    has passed or is too far off, NotAllowed unless `by` is the person.
    """
    _check_end(until, at=at)
    pair = Pair(person_id, third_party_id)
    with transaction.atomic():
        lock_self(person_id, by=by)
        grant = live_grants(pair, purpose=SERVING).filter(field=field).first()
        if (
            grant is None
            or (grant.expires_at is not None and grant.expires_at <= at)
            or not grant_has_force(SERVING, grant.notice_number, at=grant.granted_at)
        ):
            raise NotFound(_("This is not shared any more."), code="not_shared")
        if grant.expires_at == until:
            return
        Grant.objects.filter(id=grant.id).update(
            expires_at=until, reminded_at=at if needs_no_reminder(until, at=at) else None
        )
        record([entry_about(pair, "sharing_end_changed", (field,), purpose=SERVING, until=until, at=at)])


def grant_for_programme(
    person_id: UUID, third_party_id: UUID, fields: Collection[str], *, by: Actor, at: datetime
) -> Relation:
    """Share exactly these fields with the issuer of a loyalty card taken into use; the relationship, opened if need be.

    What an earlier version of the programme shared besides ends. The caller enters the act, which names the fields.
    Raises as `grant_field` does; a special category is never part of a programme.
    """
    for field in fields:
        check_shareable(field, PROGRAMME)
        if is_special(field):
            raise Invalid(code="special_in_programme", pointer="fields")
    pair = Pair(person_id, third_party_id)
    with transaction.atomic():
        demand_of_age(lock_self(person_id, by=by), register().purpose(PROGRAMME))
        relation = _open(pair, PROGRAMME, at=at)
        live = live_grants(pair, purpose=PROGRAMME)
        end_live(live.exclude(field__in=fields), reason="ended", by=by, at=at)
        missing = sorted(set(fields) - set(live.values_list("field", flat=True)))
        Grant.objects.bulk_create(
            Grant(
                relationship_id=relation.relationship_id,
                field=field,
                purpose=PROGRAMME,
                granted_at=at,
                notice_number=own_notice().number,
            )
            for field in missing
        )
        return relation_of(pair)


def check_shareable(field: str, purpose: str) -> None:
    """Raises Invalid unless the declaration lets this be given to a third party for that purpose.

    For the person's own switches that takes a purpose resting on consent; a programme's fields come with its card.
    """
    declared, detail = register().purpose(purpose), register().detail(field)
    to_whom, basis = ("issuer", declared.basis) if purpose == PROGRAMME else ("third_party", "consent")
    if declared.status != "in_use" or declared.basis != basis or to_whom not in declared.recipient_kinds:
        raise Invalid(_("Nothing can be shared for this purpose."), code="purpose_not_shareable", pointer="purpose")
    kept = register().field(register().kept_in(field))
    if detail.status != "in_use" or field not in declared.fields or kept.keeper != "person":
        raise Invalid(_("This detail cannot be shared for this purpose."), code="field_not_in_purpose", pointer="field")


def _grant(
    pair: Pair, field: str, *, purpose: str, until: datetime | None, shown: Shown | None, by: Actor, at: datetime
) -> None:
    if purpose == PROGRAMME:
        raise Invalid(
            _("A loyalty card shares what its programme declares."), code="purpose_not_shareable", pointer="purpose"
        )
    _check_end(until, at=at)
    with transaction.atomic():
        # two tabs with opposite choices wait for each other; the later one stands
        person = lock_self(pair.subject_id, by=by)
        demand_of_age(person, register().purpose(purpose))
        relation = _open(pair, purpose, at=at)
        demand_current(Choice(purpose), shown)
        if (field, purpose, until) in {(grant.field, grant.purpose, grant.expires_at) for grant in relation.grants}:
            return
        live_grants(pair, purpose=purpose).filter(field=field).update(ended_at=at)
        Grant.objects.create(
            relationship_id=relation.relationship_id,
            field=field,
            purpose=purpose,
            expires_at=until,
            granted_at=at,
            reminded_at=at if needs_no_reminder(until, at=at) else None,
            notice_number=own_notice().number,
        )
        first = {"first": True} if relation.begins(at=at) else None
        record([entry_about(pair, "sharing_started", (field,), purpose=purpose, until=until, payload=first, at=at)])


def _open(pair: Pair, purpose: str, *, at: datetime) -> Relation:
    """The relationship, opened if need be, with a third party that is approved for that purpose now."""
    third_party_of(pair.third_party_id)  # raises NotFound
    relation = open_relationships([pair], at=at)[pair]
    if not relation.approved:
        raise NotFound(code="unknown_company")
    if not relation.open_to(purpose):
        raise Invalid(
            _("This company is not approved for this purpose."), code="purpose_not_approved", pointer="purpose"
        )
    return relation


def _check_end(until: datetime | None, *, at: datetime) -> None:
    if until is not None and until <= at:
        raise Invalid(_("Choose a day that is still to come."), code="until_in_the_past", pointer="until")
    if until is not None and until > at + timedelta(days=LONGEST_GRANT_DAYS + 1):  # to the end of the last day
        raise Invalid(
            _("Choose a day within five years, or leave it empty to share until you stop."),
            code="until_too_far",
            pointer="until",
        )

"""Letting third parties in. The register holder does this on the command line."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.policy.queries import register
from kliento.domain.recipients import rules
from kliento.domain.recipients.actions.acting import only_the_register_holder
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries import KINDS, kinds_for
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Conflict, Invalid, NotFound

_LONGEST_NAME = 80
_MESSAGES = {
    "name_missing": _("Enter a name."),
    "country_outside_eea": _(
        "Outside the European Economic Area, only countries that the declaration names for such recipients."
    ),
    "country_not_declared": _("The declaration does not name this country for such recipients."),
    "transfer_mechanism_missing": _("Record what data may go to that country on (GDPR Art. 45 or 46) first."),
    "adequacy_not_declared": _("The declaration names no adequacy decision for that country."),
    "transfer_reference_missing": _("Name the decision or the contract that the transfer rests on."),
    "transfer_undated": _("Record the day from which the transfer mechanism stands."),
    "transfer_not_needed": _("Within the European Economic Area there is no transfer: leave the mechanism out."),
    "business_id_invalid": _("Check the business ID: its form or its check digit is wrong."),
    "arrangement_missing": _("Record the role arrangement (GDPR Art. 26 or 28) first."),
    "arrangement_unsigned": _("Record the day on which the role arrangement was signed."),
    "purpose_unknown": _("A third party can be approved only for declared purposes that name third parties."),
}


def add_third_party(*, name: str, business_id: str, country: str, by: Actor, at: datetime) -> ThirdParty:
    """Record an organisation as a draft: it can do nothing yet.

    Raises Invalid for a wrong business ID or a country outside the EEA that the declaration does not name for third
    parties (R-TRF-1), Conflict if it is known already.
    """
    only_the_register_holder(by)
    country = country.strip().upper()
    kinds = kinds_for(())
    _refuse(rules.obstacle_to_adding(name=name, country=country, business_id=business_id, kinds=kinds))
    number = str(rules.normal_business_id(business_id, country=country))
    try:
        with transaction.atomic():
            return ThirdParty.objects.create(
                name=name.strip(), business_id=number, country=country, colour=rules.colour_of(number), added_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("This business ID is already recorded."), code="third_party_known") from error


def approve_third_party(
    third_party_id: UUID,
    *,
    arrangement: str,
    signed_on: date | None,
    transfer: rules.Transfer | None = None,
    purposes: Collection[str] = rules.USUAL_PURPOSES,
    by: Actor,
    at: datetime,
) -> ThirdParty:
    """Approve it for these purposes, under a recorded role arrangement whose essence people can read (R-VIS-6).

    `transfer` is what data goes there on, outside the EEA; people read it too. Raises Invalid without an arrangement
    and its date, for a country outside the EEA without a mechanism the declaration is open to there (R-TRF-1), or for a
    purpose that names no third parties.
    """
    only_the_register_holder(by)
    with transaction.atomic():
        third_party = _held(third_party_id)
        _refuse_purposes(purposes)
        _refuse(
            rules.obstacle_to_approving(
                country=third_party.country,
                arrangement=arrangement,
                signed_on=signed_on,
                transfer=transfer,
                kinds=kinds_for(purposes),
                today=at.date(),
            )
        )
        third_party.arrangement = arrangement.strip()
        third_party.arrangement_signed_on = signed_on
        third_party.transfer_mechanism = transfer.mechanism if transfer else ""
        third_party.transfer_reference = transfer.reference.strip() if transfer else ""
        third_party.transfer_dated = transfer.dated if transfer else None
        third_party.purposes = [purpose for purpose in register().purposes if purpose in purposes]
        _let_go_on(third_party)
        third_party.approved_at = at
        third_party.save()
    return third_party


def suspend_third_party(third_party_id: UUID, *, named: str, by: Actor, at: datetime) -> None:
    """Stop it at once: its tills, its people and its questions get nothing more. What people shared is kept as it is.

    `named`: who stopped it. Raises Conflict for one that was never approved, Invalid without a name. Does nothing for
    one that is stopped: it stays stopped since then, and by whoever did it.
    """
    only_the_register_holder(by)
    if not 0 < len(named.strip()) <= _LONGEST_NAME:
        raise Invalid(_("Say who stops it, in at most 80 characters."), code="name_missing", pointer="by")
    with transaction.atomic():
        third_party = _held(third_party_id)
        _refuse_draft(third_party)
        if third_party.state == ThirdParty.State.SUSPENDED:
            return
        third_party.state = ThirdParty.State.SUSPENDED
        third_party.suspended_at, third_party.suspended_by = at, named.strip()
        third_party.save(update_fields=["state", "suspended_at", "suspended_by"])


def resume_third_party(third_party_id: UUID, *, by: Actor, at: datetime) -> None:
    """Let it go on as it was approved. Raises Conflict for one never approved, Invalid where it could not be now."""
    only_the_register_holder(by)
    with transaction.atomic():
        third_party = _held(third_party_id)
        _refuse_draft(third_party)
        mechanism, reference = third_party.transfer_mechanism, third_party.transfer_reference
        _refuse(
            rules.obstacle_to_approving(
                country=third_party.country,
                arrangement=third_party.arrangement,
                signed_on=third_party.arrangement_signed_on,
                transfer=rules.Transfer(mechanism, reference, third_party.transfer_dated) if mechanism else None,
                kinds=kinds_for(third_party.purposes),
                today=at.date(),
            )
        )
        _let_go_on(third_party)
        third_party.save(update_fields=["state", "suspended_at", "suspended_by"])


def _let_go_on(third_party: ThirdParty) -> None:
    third_party.state = ThirdParty.State.APPROVED
    third_party.suspended_at, third_party.suspended_by = None, ""


def _held(third_party_id: UUID) -> ThirdParty:
    third_party = ThirdParty.objects.select_for_update().filter(id=third_party_id).first()
    if third_party is None:
        raise NotFound(code="third_party_unknown")
    return third_party


def _refuse_draft(third_party: ThirdParty) -> None:
    if third_party.state == ThirdParty.State.DRAFT:
        raise Conflict(_("This third party was never approved."), code="third_party_draft")


def _refuse(obstacle: rules.Obstacle | None) -> None:
    if obstacle is not None:
        raise Invalid(_MESSAGES[obstacle.code], code=obstacle.code, pointer=obstacle.field)


def _refuse_purposes(purposes: Collection[str]) -> None:
    declared = register().purposes
    if any(purpose not in declared or not KINDS & set(declared[purpose].recipient_kinds) for purpose in purposes):
        raise Invalid(_MESSAGES["purpose_unknown"], code="purpose_unknown", pointer="purposes")

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
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Conflict, Invalid, NotFound

_OUTSIDE = frozenset({"third_party", "issuer"})  # the kinds of recipient a third party can be
_MESSAGES = {
    "name_missing": _("Enter a name."),
    "country_outside_eea": _("Only organisations in the European Economic Area can be approved."),
    "business_id_invalid": _("Check the business ID: its form or its check digit is wrong."),
    "arrangement_missing": _("Record the role arrangement (GDPR Art. 26 or 28) first."),
    "arrangement_unsigned": _("Record the day on which the role arrangement was signed."),
    "purpose_unknown": _("A third party can be approved only for declared purposes that name third parties."),
}


def add_third_party(*, name: str, business_id: str, country: str, by: Actor, at: datetime) -> ThirdParty:
    """Record an organisation as a draft: it can do nothing yet.

    Raises Invalid for a wrong business ID or a country outside the EEA (R-TRF-1), Conflict if it is known already.
    """
    only_the_register_holder(by)
    country = country.strip().upper()
    _refuse(rules.obstacle_to_adding(name=name, country=country, business_id=business_id))
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
    purposes: Collection[str] = rules.USUAL_PURPOSES,
    by: Actor,
    at: datetime,
) -> ThirdParty:
    """Approve it for these purposes, under a recorded role arrangement whose essence people can read (R-VIS-6).

    Raises Invalid without an arrangement and its date, for a country outside the EEA, or for a purpose that names no
    third parties.
    """
    only_the_register_holder(by)
    with transaction.atomic():
        third_party = ThirdParty.objects.select_for_update().filter(id=third_party_id).first()
        if third_party is None:
            raise NotFound(code="third_party_unknown")
        _refuse(
            rules.obstacle_to_approving(
                country=third_party.country, arrangement=arrangement, signed_on=signed_on, today=at.date()
            )
        )
        _refuse_purposes(purposes)
        third_party.arrangement = arrangement.strip()
        third_party.arrangement_signed_on = signed_on
        third_party.purposes = [purpose for purpose in register().purposes if purpose in purposes]
        third_party.state = ThirdParty.State.APPROVED
        third_party.approved_at = at
        third_party.save()
    return third_party


def _refuse(obstacle: rules.Obstacle | None) -> None:
    if obstacle is not None:
        raise Invalid(_MESSAGES[obstacle.code], code=obstacle.code, pointer=obstacle.field)


def _refuse_purposes(purposes: Collection[str]) -> None:
    declared = register().purposes
    if any(purpose not in declared or not _OUTSIDE & set(declared[purpose].recipient_kinds) for purpose in purposes):
        raise Invalid(_MESSAGES["purpose_unknown"], code="purpose_unknown", pointer="purposes")

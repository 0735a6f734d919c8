"""Letting recipients in and out. In the spine the register holder does this on the command line."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients import rules
from kliento.domain.recipients.models import Operator, PairingCode, Premises, Terminal, ThirdParty
from kliento.kernel.actor import Actor, SystemActor
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

_MESSAGES = {
    "name_missing": _("Enter a name."),
    "country_outside_eea": _("Only organisations in the European Economic Area can be approved."),
    "business_id_invalid": _("Check the business ID: its form or its check digit is wrong."),
    "arrangement_missing": _("Record the role arrangement (GDPR Art. 26 or 28) first."),
    "arrangement_unsigned": _("Record the day on which the role arrangement was signed."),
}


def add_third_party(*, name: str, business_id: str, country: str, by: Actor, at: datetime) -> ThirdParty:
    """Record an organisation as a draft: it can do nothing yet.

    Raises Invalid for a wrong business ID or a country outside the EEA (R-TRF-1), Conflict if it is known already.
    """
    _only_the_register_holder(by)
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
    third_party_id: UUID, *, arrangement: str, signed_on: date | None, by: Actor, at: datetime
) -> ThirdParty:
    """Approve it under a recorded role arrangement, whose essence people can read (R-VIS-6).

    Raises Invalid without an arrangement and its date, or for a country outside the EEA.
    """
    _only_the_register_holder(by)
    with transaction.atomic():
        third_party = ThirdParty.objects.select_for_update().filter(id=third_party_id).first()
        if third_party is None:
            raise NotFound(code="third_party_unknown")
        _refuse(
            rules.obstacle_to_approving(
                country=third_party.country, arrangement=arrangement, signed_on=signed_on, today=at.date()
            )
        )
        third_party.arrangement = arrangement.strip()
        third_party.arrangement_signed_on = signed_on
        third_party.state = ThirdParty.State.APPROVED
        third_party.approved_at = at
        third_party.save()
    return third_party


def add_premises(third_party_id: UUID, name: str, *, by: Actor) -> Premises:
    """Record a place of the third party. Raises Invalid without a name, NotFound, Conflict for a name used there."""
    _only_the_register_holder(by)
    if not name.strip():
        raise Invalid(_MESSAGES["name_missing"], code="name_missing", pointer="name")
    if not ThirdParty.objects.filter(id=third_party_id).exists():
        raise NotFound(code="third_party_unknown")
    try:
        with transaction.atomic():
            return Premises.objects.create(third_party_id=third_party_id, name=name.strip())
    except IntegrityError as error:
        raise Conflict(_("There are premises of that name already."), code="premises_known") from error


def make_pairing_code(premises_id: UUID, *, by: Actor, at: datetime) -> str:
    """A one-time code for one terminal at these premises, in clear this once.

    Raises NotFound, and NotAllowed while the third party is not approved (R-VIS-1).
    """
    _only_the_register_holder(by)
    premises = Premises.objects.select_related("third_party").filter(id=premises_id).first()
    if premises is None:
        raise NotFound(code="premises_unknown")
    if premises.third_party.state != ThirdParty.State.APPROVED:
        raise NotAllowed(_("Approve the third party first."), code="third_party_not_approved")
    code = rules.new_pairing_code()
    PairingCode.objects.create(
        premises=premises, code_hash=rules.hash_of_code(code), expires_at=at + rules.PAIRING_CODE_LIFE
    )
    return code


def pair_terminal(code: str, *, name: str, at: datetime) -> tuple[Terminal, str]:
    """Turn the device that shows the code into a terminal; its secret is returned this once.

    The code is the permission, so there is no actor. Raises Invalid for an unknown, used or expired code, in the
    same words.
    """
    with transaction.atomic():
        pairing = (
            PairingCode.objects.select_for_update()
            .select_related("premises")
            .filter(
                code_hash=rules.hash_of_code(code),
                used_at=None,
                expires_at__gt=at,
                premises__third_party__state=ThirdParty.State.APPROVED,
            )
            .first()
        )
        if pairing is None:
            raise Invalid(
                _("This code is not known, has been used or has expired. Ask for a new one."),
                code="pairing_code_invalid",
                pointer="code",
            )
        pairing.used_at = at
        pairing.save(update_fields=["used_at"])
        secret = rules.new_secret()
        terminal = Terminal.objects.create(
            premises=pairing.premises,
            name=name.strip() or str(_("Till")),
            secret_hash=rules.hash_of_secret(secret),
            paired_at=at,
        )
    return terminal, secret


def revoke_terminal(terminal_id: UUID, *, by: Actor, at: datetime) -> None:
    """Shut a terminal out from its next request on; again is no error. Raises NotFound."""
    _only_the_register_holder(by)
    if not Terminal.objects.filter(id=terminal_id).exists():
        raise NotFound(_("There is no such terminal."), code="terminal_unknown")
    Terminal.objects.filter(id=terminal_id, revoked_at=None).update(revoked_at=at)


def appoint_operator(account_id: UUID, *, third_party_id: UUID, role: str, by: Actor, at: datetime) -> Operator:
    """Let an account work for a third party. Raises NotFound, Invalid for an unknown role, Conflict if it does so."""
    _only_the_register_holder(by)
    if role not in Operator.Role.values:
        raise Invalid(_("Choose a role."), code="role_unknown", pointer="role")
    if not ThirdParty.objects.filter(id=third_party_id).exists():
        raise NotFound(code="third_party_unknown")
    try:
        with transaction.atomic():
            return Operator.objects.create(
                account_id=account_id, third_party_id=third_party_id, role=role, appointed_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("This account works for them already."), code="operator_known") from error


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """End every appointment of the person's account; the row itself goes with the account."""
    Operator.objects.filter(account__person=person_id, ended_at=None).update(ended_at=at)


def purge_pairing_codes(*, at: datetime) -> int:
    """Delete the codes that can no longer be used; how many."""
    return PairingCode.objects.filter(expires_at__lte=at).delete()[0]


def _only_the_register_holder(by: Actor) -> None:
    if not isinstance(by, SystemActor):
        raise NotAllowed(code="not_the_register_holder")


def _refuse(obstacle: rules.Obstacle | None) -> None:
    if obstacle is not None:
        raise Invalid(_MESSAGES[obstacle.code], code=obstacle.code, pointer=obstacle.field)

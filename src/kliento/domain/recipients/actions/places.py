"""Places of a third party, and the devices at them. Its own operators do this, and the register holder can."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.policy.rules.values import contains_identity_code
from kliento.domain.recipients import rules
from kliento.domain.recipients.actions.acting import note_if_operator, only_the_register_holder, working_for
from kliento.domain.recipients.actions.duty import end_shifts
from kliento.domain.recipients.models import PairingCode, Premises, Terminal, ThirdParty
from kliento.domain.recipients.queries import approved_now, standing_of_row
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


def add_premises(third_party_id: UUID, name: str, *, reveals: str = "", by: Actor, at: datetime) -> Premises:
    """Record a place of the third party; `reveals` says what a visit there tells about somebody (R-VIS-7).

    Raises Invalid without a name or for an unknown flag, NotFound, Conflict for a name used there.
    """
    working_for(third_party_id, Right.MANAGE_PLACES, by=by)
    _refuse_flag(reveals)
    if not ThirdParty.objects.filter(id=third_party_id).exists():
        raise NotFound(code="third_party_unknown")
    with transaction.atomic():
        added = Premises(third_party_id=third_party_id, reveals=reveals)
        _name(added, name)
        note_if_operator(by, "premises_added", reference=str(added.id), at=at)
    return added


def rename_premises(premises_id: UUID, name: str, *, by: Actor, at: datetime) -> None:
    """A new name; what was recorded there keeps its place. Raises as `add_premises`."""
    with transaction.atomic():
        premises = _premises(premises_id, by=by)
        _name(premises, name)
        note_if_operator(by, "premises_renamed", reference=str(premises_id), at=at)


def flag_premises(premises_id: UUID, reveals: str, *, by: Actor) -> None:
    """Say what visits there tell about people: then nobody's first visit is recorded unasked (R-VIS-7).

    Only the register holder flags, and lifts a flag. Raises Invalid for an unknown one, NotFound.
    """
    only_the_register_holder(by)
    _refuse_flag(reveals)
    if not Premises.objects.filter(id=premises_id).update(reveals=reveals):
        raise NotFound(code="premises_unknown")


def make_pairing_code(premises_id: UUID, *, by: Actor, at: datetime) -> str:
    """A one-time code for one terminal at these premises, in clear this once.

    Raises NotFound, and NotAllowed while the third party is not approved (R-VIS-1).
    """
    premises = _premises(premises_id, by=by)
    if not standing_of_row(premises.third_party).approved:
        raise NotAllowed(_("Approve the third party first."), code="third_party_not_approved")
    code = rules.new_pairing_code()
    with transaction.atomic():
        PairingCode.objects.create(
            premises=premises, code_hash=rules.hash_of_code(code), expires_at=at + rules.PAIRING_CODE_LIFE
        )
        note_if_operator(by, "pairing_code_made", reference=str(premises_id), at=at)
    return code


def pair_terminal(code: str, *, name: str, at: datetime) -> tuple[Terminal, str]:
    """Turn the device that shows the code into a terminal; its secret is returned this once.

    The code is the permission, so there is no actor. Raises Invalid for an unknown, used or expired code, in the
    same words, and for a name that holds a personal identity code.
    """
    _refuse_identity_code(name)
    with transaction.atomic():
        pairing = (
            PairingCode.objects.select_for_update()
            .select_related("premises")
            .filter(
                approved_now("premises__third_party__"),
                code_hash=rules.hash_of_code(code),
                used_at=None,
                expires_at__gt=at,
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
    owner = Terminal.objects.filter(id=terminal_id).values_list("premises__third_party_id", flat=True).first()
    if owner is None:
        raise NotFound(_("There is no such terminal."), code="terminal_unknown")
    working_for(owner, Right.MANAGE_PLACES, by=by)
    with transaction.atomic():
        if Terminal.objects.filter(id=terminal_id, revoked_at=None).update(revoked_at=at):
            end_shifts(terminal_id=terminal_id, at=at)
            note_if_operator(by, "terminal_revoked", reference=str(terminal_id), at=at)


def purge_pairing_codes(*, at: datetime) -> int:
    """Delete the codes that can no longer be used; how many."""
    return PairingCode.objects.filter(expires_at__lte=at).delete()[0]


def _premises(premises_id: UUID, *, by: Actor) -> Premises:
    """The place, for whoever may change it; others are told there is none."""
    premises = Premises.objects.select_related("third_party").filter(id=premises_id).first()
    if premises is None:
        raise NotFound(code="premises_unknown")
    working_for(premises.third_party_id, Right.MANAGE_PLACES, by=by)
    return premises


def _name(premises: Premises, name: str) -> None:
    if not name.strip():
        raise Invalid(_("Enter a name."), code="name_missing", pointer="name")
    _refuse_identity_code(name)
    premises.name = name.strip()
    try:
        with transaction.atomic():
            premises.save()
    except IntegrityError as error:
        raise Conflict(_("There are premises of that name already."), code="premises_known") from error


def _refuse_identity_code(name: str) -> None:
    """No name of a place or a device holds one (R-DAT-2)."""
    if contains_identity_code(name):
        raise Invalid(_("Leave out the personal identity code."), code="identity_code", pointer="name")


def _refuse_flag(reveals: str) -> None:
    if reveals and reveals not in rules.REVEALS:
        raise Invalid(_("Say what it reveals: health, union or belief."), code="flag_unknown", pointer="reveals")

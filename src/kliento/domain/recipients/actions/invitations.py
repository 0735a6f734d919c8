"""Inviting to a team. The link is the permission: whoever reads that mail may join, with whichever account they like.

Tying it to the address's own account would tell the holder of a forwarded mail, and through them the inviter, whether
that address has one (threat 5), and would keep out whoever signs in with another address (docs/decisions/0019).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.queries import login_index, written_address
from kliento.domain.recipients import rules
from kliento.domain.recipients.actions.acting import note_act
from kliento.domain.recipients.actions.operators import appoint, known_role, name_operator
from kliento.domain.recipients.models import Invitation, Operator, ThirdParty
from kliento.domain.recipients.queries import ADDRESS_PLACE, approved_now, require
from kliento.domain.recipients.rules import Right
from kliento.domain.vault.actions import NewValue, destroy, seal_text, seal_values
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import new_id

# What has run out is purged a little later: somebody who began in time may still be writing.
LAST_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class OpenedInvitation:
    """An invitation whose letter is yet to be posted. `token` goes into the letter's link and nowhere else."""

    id: UUID
    token: str
    company: str
    good_until: datetime


def open_invitation(address: str, role: str, *, by: OperatorActor, at: datetime) -> OpenedInvitation:
    """Invite this address to one's own team; it is sealed at once, and an earlier invitation there opens nothing more.

    The caller posts the letter, in the same transaction. The same rows are written whoever has the address.
    Raises Invalid for what is no address or no role, Conflict for the address of somebody who is in the team.
    """
    require(by, Right.MANAGE_TEAM)
    known_role(role)
    written = written_address(address, at=at)
    known = login_index(written)
    invitation_id, token, until = new_id(), rules.new_token(), at + rules.INVITATION_LIFE
    with transaction.atomic():
        ThirdParty.objects.select_for_update().get(id=by.third_party_id)
        _refuse_of_the_team(known, by=by)
        earlier = Invitation.objects.filter(third_party_id=by.third_party_id, login_index=known, accepted_at=None)
        earlier.filter(expires_at__gt=at).update(expires_at=at)
        seal_values([NewValue(invitation_id, "login_email", written, "partner")], at=at)
        invitation = Invitation.objects.create(
            id=invitation_id,
            third_party_id=by.third_party_id,
            role=role,
            login_index=known,
            sealed_address=seal_text(invitation_id, place=ADDRESS_PLACE, row=invitation_id, text=written),
            token_hash=rules.hash_of_secret(token),
            invited_by_id=by.operator_id,
            made_at=at,
            expires_at=until,
        )
        note_act(by, "operator_invited", reference=role, at=at)
    return OpenedInvitation(invitation_id, token, invitation.third_party.name, until)


def withdraw_invitation(invitation_id: UUID, *, by: OperatorActor, at: datetime) -> None:
    """Its link opens nothing from now on. Raises NotFound for one that is used, withdrawn or another company's."""
    require(by, Right.MANAGE_TEAM)
    with transaction.atomic():
        own = Invitation.objects.filter(
            id=invitation_id, third_party_id=by.third_party_id, accepted_at=None, expires_at__gt=at
        )
        if not own.update(expires_at=at):
            raise NotFound(code="invitation_unknown")
        note_act(by, "invitation_withdrawn", at=at)


def accept_invitation(invitation_id: UUID, account_id: UUID, *, name: str, at: datetime) -> OperatorActor:
    """The account joins the team, under the name it gives itself; the invitation is used up.

    Raises NotFound for one that cannot be accepted any more, Conflict when the account works there already, Invalid.
    """
    with transaction.atomic():
        invitation = live_invitation(invitation_id, at=at)
        operator = appoint(account_id, third_party_id=invitation.third_party_id, role=invitation.role, at=at)
        joined = OperatorActor(account_id, invitation.third_party_id, operator.id, operator.role)
        name_operator(joined, name)
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        note_act(joined, "operator_joined", at=at)
        if account_id == invitation_id:  # the account has taken over id and key
            invitation.delete()
    return joined


def live_invitation(invitation_id: UUID, *, at: datetime) -> Invitation:
    """The invitation, locked. Raises NotFound, in the same words, for one used, withdrawn, run out, or never made."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(
            approved_now("third_party__"),
            id=invitation_id,
            accepted_at=None,
            expires_at__gt=at,
        )
        .first()
    )
    if invitation is None:
        raise NotFound(_("This invitation is no longer good. Ask for a new one."), code="invitation_unknown")
    return invitation


def purge_invitations(*, at: datetime) -> int:
    """Forget those that were accepted or have run out, address and key with them; how many there were."""
    gone = Invitation.objects.filter(expires_at__lte=at - LAST_STEP) | Invitation.objects.filter(
        accepted_at__lte=at - LAST_STEP
    )
    ids = list(gone.values_list("id", flat=True)[:1000])
    if ids:
        destroy(ids, at=at)
        Invitation.objects.filter(id__in=ids).delete()
    return len(ids)


def _refuse_of_the_team(known: str, *, by: OperatorActor) -> None:
    """Asks about one's own team alone: whether anybody else has the address is told to nobody (threat 5)."""
    if Operator.objects.filter(third_party_id=by.third_party_id, ended_at=None, account__login_index=known).exists():
        raise Conflict(_("Somebody with this address is in your team already."), code="in_team", pointer="email")

"""Joining a company's team by a mailed link: with an account one has, or with one made for it. No person is needed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from kliento.domain.accounts.actions import create_invited_account
from kliento.domain.accounts.rules.secrets import Secret
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.recipients.actions import accept_invitation, open_invitation
from kliento.domain.recipients.queries import login_index_of
from kliento.kernel.actor import OperatorActor


def invite_operator(address: str, role: str, *, by: OperatorActor, language: str, at: datetime) -> None:
    """Send a link to this address. Nothing here depends on whether it has an account (threat 5).

    Raises NotAllowed without the right, Invalid for what is no address or no role.
    """
    with transaction.atomic(durable=True):
        invitation = open_invitation(address, role, by=by, at=at)
        with override(language):
            until = date_format(localtime(invitation.good_until), "SHORT_DATE_FORMAT")
        post_letter(
            "operator_invitation",
            owner_id=invitation.id,
            language=language,
            context={"company": invitation.company, "token": invitation.token, "until": until},
            at=at,
            good_until=invitation.good_until,
        )


def join_as(account_id: UUID, invitation_id: UUID, *, name: str, at: datetime) -> OperatorActor:
    """Join with the account one is signed in with.

    Raises NotFound for an invitation that is no longer good, Conflict for a team one is in, Invalid without a name.
    """
    with transaction.atomic(durable=True):
        return accept_invitation(invitation_id, account_id, name=name, at=at)


def join_anew(invitation_id: UUID, secret: Secret, *, name: str, language: str, at: datetime) -> OperatorActor:
    """Join with an account made for it: it takes over the invitation's id, so that the sealed address stays closed.

    Raises as `join_as`, and Conflict when the address has an account already.
    """
    with transaction.atomic(durable=True):
        index = login_index_of(invitation_id, at=at)
        create_invited_account(invitation_id, secret, login_index=index, language=language, at=at)
        return accept_invitation(invitation_id, invitation_id, name=name, at=at)

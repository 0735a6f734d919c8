"""Who stands behind an account, as they themselves and their own team read it; opened by the gate."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kliento.domain.accounts.queries import ADDRESS_PLACE as NEW_ADDRESS_PLACE
from kliento.domain.accounts.queries import AUTHENTICATOR_PLACE, AuthenticatorView, pending_address
from kliento.domain.gate.actions import RIGHTS, Refused, open_for_delivery, open_sealed, open_sealed_list
from kliento.domain.recipients.queries import (
    ADDRESS_PLACE,
    NAME_PLACE,
    AtTheTill,
    OpenInvitation,
    TeamMember,
    invitations_of,
    openers_of,
    require,
    team_of,
)
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import OperatorActor, TerminalActor
from kliento.kernel.errors import NotFound

_PURPOSE = "service"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of the team and their name, empty when they gave none or have left."""

    member: TeamMember
    name: str


@dataclass(frozen=True, slots=True)
class Invited:
    """An open invitation and the address it went to, which the team typed itself."""

    invitation: OpenInvitation
    address: str


@dataclass(frozen=True, slots=True)
class AwaitedAddress:
    """A new sign-in address whose code has not been given yet, for whoever typed it."""

    change_id: UUID
    address: str = field(repr=False)


def awaited_address(account_id: UUID, *, at: datetime) -> AwaitedAddress:
    """Where the code of a change under way was sent. Raises NotFound when none is."""
    pending = pending_address(account_id, at=at)
    if pending is None:
        raise NotFound(code="run_out")
    address = open_sealed(account_id, place=NEW_ADDRESS_PLACE, row=pending.id, sealed=pending.sealed, purpose=RIGHTS)
    return AwaitedAddress(pending.id, address)


def sign_in_address(account_id: UUID) -> str:
    """The address an account signs in with, for whoever has it; empty for one without. At most four statements."""
    try:
        return open_for_delivery(account_id, purpose=RIGHTS)
    except Refused:
        return ""


def authenticator_secret(account_id: UUID, authenticator: AuthenticatorView) -> str:
    """The secret an app and we share: to check its codes, and to show it while it is being set up."""
    return open_sealed(
        account_id, place=AUTHENTICATOR_PLACE, row=authenticator.id, sealed=authenticator.sealed, purpose="security"
    )


def team(by: OperatorActor) -> list[Named]:
    """Everybody who works or worked at one's company, the current ones first. Two statements.

    Raises NotAllowed without the right.
    """
    require(by, Right.MANAGE_TEAM)
    members = team_of(by.third_party_id)
    names = _names(members)
    return [Named(member, names.get(member.operator_id, "")) for member in members]


def names_in_audit(by: OperatorActor) -> dict[UUID, str]:
    """The names of everybody who works or worked at one's company. Two statements.

    Raises NotAllowed without the right.
    """
    require(by, Right.SEE_AUDIT)
    return _names(team_of(by.third_party_id))


def openers(at: TerminalActor) -> list[tuple[AtTheTill, str]]:
    """Who can open this till with a PIN, each by name, empty where they gave none. Two statements."""
    listed = openers_of(at.third_party_id)
    names = open_sealed_list(
        [(one.account_id, one.operator_id, one.sealed_name) for one in listed if one.sealed_name],
        place=NAME_PLACE,
        purpose=_PURPOSE,
    )
    return [(one, names.get(one.operator_id, "")) for one in listed]


def name_at_till(one: AtTheTill) -> str:
    """How their own till names whoever is on duty, empty where they gave no name. At most one statement."""
    sealed = [(one.account_id, one.operator_id, one.sealed_name)] if one.sealed_name else []
    return open_sealed_list(sealed, place=NAME_PLACE, purpose=_PURPOSE).get(one.operator_id, "")


def invited(by: OperatorActor, *, at: datetime) -> list[Invited]:
    """Invitations of one's company that can still be accepted, newest first. Two statements.

    Raises NotAllowed without the right.
    """
    require(by, Right.MANAGE_TEAM)
    listed = invitations_of(by.third_party_id, at=at)
    addresses = open_sealed_list(
        [(one.id, one.id, one.sealed_address) for one in listed], place=ADDRESS_PLACE, purpose=_PURPOSE
    )
    return [Invited(one, addresses.get(one.id, "")) for one in listed]


def _names(members: Collection[TeamMember]) -> dict[UUID, str]:
    sealed = [
        (member.account_id, member.operator_id, member.sealed_name)
        for member in members
        if member.account_id is not None and member.sealed_name
    ]
    opened = open_sealed_list(sealed, place=NAME_PLACE, purpose=_PURPOSE)
    return {member.operator_id: opened.get(member.operator_id, "") for member in members}

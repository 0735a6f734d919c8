"""Who works for a third party, what they may do there, and what they did."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients import rules
from kliento.domain.recipients.models import Invitation, Operator, OperatorAct, ShiftAtTill
from kliento.domain.recipients.queries.standing import approved_now
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import NotAllowed, NotFound

NAME_PLACE = "recipients_operator.sealed_name"
ADDRESS_PLACE = "recipients_invitation.sealed_address"


@dataclass(frozen=True, slots=True)
class Workplace:
    """A third party an account works for, and as what; `language`: what it writes in."""

    operator_id: UUID
    third_party_id: UUID
    name: str
    role: str
    language: str


@dataclass(frozen=True, slots=True)
class TeamMember:
    """An operator as their team sees them. `sealed_name` is what they called themselves; the gate opens it."""

    operator_id: UUID
    account_id: UUID | None
    role: str
    sealed_name: bytes
    appointed_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can still be accepted. `sealed_address`: whom it was sent to; the gate opens it."""

    id: UUID
    role: str
    sealed_address: bytes
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What whoever holds the link is shown."""

    id: UUID
    company: str
    role: str


@dataclass(frozen=True, slots=True)
class Act:
    """What an operator did; None: somebody at a till that asks nobody who they are.

    `id` counts up, and is where the next page begins.
    """

    id: int
    operator_id: UUID | None
    act: str
    reference: str
    at: datetime


def operator_of(account_id: UUID, third_party_id: UUID | None = None) -> OperatorActor:
    """The operator this account is at that third party, or at the one it works for. One statement.

    Raises NotFound in the same words when it does not work there (any more), the third party is not approved, or it
    works for several and none is named.
    """
    current = _current().filter(account_id=account_id)
    if third_party_id is not None:
        current = current.filter(third_party_id=third_party_id)
    rows = list(current.values_list("id", "third_party_id", "role")[:2])
    if len(rows) != 1:
        raise NotFound(code="operator_unknown")
    operator_id, works_for, role = rows[0]
    return OperatorActor(
        account_id=account_id, third_party_id=works_for, operator_id=operator_id, role=rules.role_read(role)
    )


def workplaces_of(account_id: UUID) -> list[Workplace]:
    """Every approved third party the account works for, by name. One statement."""
    rows = _current().filter(account_id=account_id).select_related("third_party").order_by("third_party__name", "id")
    return [
        Workplace(row.id, row.third_party_id, row.third_party.name, rules.role_read(row.role), row.third_party.language)
        for row in rows
    ]


def stopped_workplaces_of(account_id: UUID) -> list[str]:
    """The names of the third parties the account works for that were approved and are not now. One statement."""
    standing = Operator.objects.filter(account_id=account_id, ended_at=None, third_party__approved_at__isnull=False)
    rows = standing.exclude(approved_now("third_party__")).order_by("third_party__name", "id")
    return list(rows.values_list("third_party__name", flat=True))


def operators_to_tell(third_party_id: UUID, right: Right) -> list[tuple[UUID, str]]:
    """Account and language of everybody who holds this right there; nobody while it is not approved. One statement."""
    rows = _current().filter(third_party_id=third_party_id, role__in=rules.roles_with(right))
    return list(rows.order_by("id").values_list("account_id", "account__language"))


def team_of(third_party_id: UUID) -> list[TeamMember]:
    """Everybody who works or worked for a third party, the current ones first, then by when they came."""
    rows = Operator.objects.filter(third_party_id=third_party_id).order_by("appointed_at", "id")
    listed = [
        TeamMember(
            row.id,
            row.account_id,
            rules.role_read(row.role),
            bytes(row.sealed_name),
            row.appointed_at,
            row.ended_at,
        )
        for row in rows
    ]
    return sorted(listed, key=lambda member: member.ended_at is not None)


def invitations_of(third_party_id: UUID, *, at: datetime) -> list[OpenInvitation]:
    """The third party's invitations that can still be accepted, newest first. One statement."""
    rows = Invitation.objects.filter(third_party_id=third_party_id, accepted_at=None, expires_at__gt=at)
    return [
        OpenInvitation(row.id, row.role, bytes(row.sealed_address), row.made_at, row.expires_at)
        for row in rows.order_by("-made_at", "id")
    ]


def invitation_behind(token: str, *, at: datetime) -> UUID:
    """The invitation whose link carries this. Raises NotFound as `invitation_view` does."""
    return _live(at, token_hash=rules.hash_of_secret(token)).id


def invitation_view(invitation_id: UUID, *, at: datetime) -> InvitationView:
    """Company and role. Raises NotFound, in the same words, for one used, withdrawn, run out, or never made."""
    row = _live(at, id=invitation_id)
    return InvitationView(row.id, row.third_party.name, row.role)


def login_index_of(invitation_id: UUID, *, at: datetime) -> str:
    """Under what an account of the invited address would be found. Raises NotFound as `invitation_view` does."""
    return _live(at, id=invitation_id).login_index


def acts_of(third_party_id: UUID, *, before: int | None = None, limit: int) -> list[Act]:
    """What the third party's operators did, newest first, at most `limit`, those before that id. One statement."""
    rows = OperatorAct.objects.filter(third_party_id=third_party_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [Act(row.id, row.operator_id, row.act, row.reference, row.at) for row in rows.order_by("-id")[:limit]]


def own_acts(by: OperatorActor, *, limit: int) -> list[Act]:
    """What the operator did for this third party, newest first, at most `limit` (R-STF-4). One statement."""
    rows = OperatorAct.objects.filter(third_party_id=by.third_party_id, operator_id=by.operator_id)
    return [Act(row.id, row.operator_id, row.act, row.reference, row.at) for row in rows.order_by("-id")[:limit]]


def require(by: OperatorActor, right: Right) -> None:
    """Raise NotAllowed unless the operator's role holds this right."""
    if not rules.may(by.role, right):
        raise NotAllowed(
            _("Your role does not include this. Ask an owner of your company for it."), code="role_lacks_right"
        )


def describe_person(person_id: UUID) -> dict[str, object]:
    """Where the person's account works, and what they did there, for their download. Nothing of customers (R-VIS-3)."""
    rows = Operator.objects.filter(account__person=person_id).select_related("third_party").order_by("appointed_at")
    acts = OperatorAct.objects.filter(operator__account__person=person_id).order_by("id").select_related("third_party")
    shifts = ShiftAtTill.objects.filter(operator__account__person=person_id).order_by("began_at", "id")
    times = shifts.values_list("operator__third_party__name", "began_at", "ended_at")
    return {
        "operator": [
            {
                "third_party": row.third_party.name,
                "role": rules.role_read(row.role),
                "appointed_at": row.appointed_at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                "has_pin": bool(row.pin),
            }
            for row in rows
        ],
        "operator_acts": [
            {"third_party": act.third_party.name, "act": act.act, "reference": _own(act), "at": act.at.isoformat()}
            for act in acts
        ],
        "shifts": [
            {"third_party": name, "began_at": began.isoformat(), "ended_at": ended.isoformat() if ended else None}
            for name, began, ended in times
        ],
    }


def appointments_of(person_id: UUID) -> list[tuple[UUID, UUID, str, datetime]]:
    """Where the person's account works or worked: operator, third party and its name, since when. One statement."""
    rows = Operator.objects.filter(account__person=person_id).order_by("appointed_at", "id")
    return list(rows.values_list("id", "third_party_id", "third_party__name", "appointed_at"))


def _own(act: OperatorAct) -> str:
    """What the act was about, unless that is a member of the company: their number is theirs."""
    return "" if act.act in rules.ACTS_ON_MEMBERS else act.reference


def _live(at: datetime, **named: object) -> Invitation:
    live = Invitation.objects.filter(approved_now("third_party__"), accepted_at=None, expires_at__gt=at)
    row = live.filter(**named).select_related("third_party").first()
    if row is None:
        raise NotFound(_("This invitation is no longer good. Ask for a new one."), code="invitation_unknown")
    return row


def _current() -> QuerySet[Operator]:
    """Appointments that stand, at third parties that are approved."""
    return Operator.objects.filter(approved_now("third_party__"), ended_at=None, account__isnull=False)

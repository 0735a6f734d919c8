"""Who works for a third party. It never runs out of owners by its own hand."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.policy.rules.values import contains_identity_code
from kliento.domain.recipients import rules
from kliento.domain.recipients.actions.acting import note_act, only_the_register_holder
from kliento.domain.recipients.actions.duty import end_shifts
from kliento.domain.recipients.models import FileUnderWay, Invitation, Operator, OperatorAct, ShiftAtTill, ThirdParty
from kliento.domain.recipients.queries import NAME_PLACE, require
from kliento.domain.recipients.rules import Right
from kliento.domain.vault.actions import seal_text
from kliento.kernel.actor import Actor, OperatorActor
from kliento.kernel.errors import Conflict, Invalid, NotFound

ACTS_KEPT = timedelta(days=730)
BATCH = 1000


def appoint_operator(account_id: UUID, *, third_party_id: UUID, role: str, by: Actor, at: datetime) -> Operator:
    """Let an account work for a third party. Raises NotFound, Invalid for an unknown role, Conflict if it does so."""
    only_the_register_holder(by)
    if not ThirdParty.objects.filter(id=third_party_id).exists():
        raise NotFound(code="third_party_unknown")
    return appoint(account_id, third_party_id=third_party_id, role=role, at=at)


def change_role(operator_id: UUID, role: str, *, by: OperatorActor, at: datetime) -> None:
    """Give a colleague, or oneself, another role. Raises NotFound, Invalid, Conflict for the last owner."""
    known_role(role)
    require(by, Right.MANAGE_TEAM)
    with transaction.atomic():
        operator = _colleague(operator_id, by=by)
        if operator.role == role:
            return
        _keep_an_owner(operator)
        operator.role = role
        operator.save(update_fields=["role"])
        if role not in rules.roles_with(Right.USE_TILL):
            end_shifts(operator_id=operator_id, at=at)
        _withdraw_all_of(operator_id, at=at)
        note_act(by, "role_changed", reference=f"{operator_id} {role}", at=at)


def end_operator(operator_id: UUID, *, by: OperatorActor, at: datetime) -> None:
    """A colleague, or oneself, works there no more, from the next request on.

    Raises NotFound, Conflict for the last owner.
    """
    require(by, Right.MANAGE_TEAM)
    with transaction.atomic():
        operator = _colleague(operator_id, by=by)
        _keep_an_owner(operator)
        operator.ended_at, operator.pin = at, ""
        operator.save(update_fields=["ended_at", "pin"])
        end_shifts(operator_id=operator_id, at=at)
        _withdraw_all_of(operator_id, at=at)
        note_act(by, "operator_ended", reference=str(operator_id), at=at)


def name_oneself(name: str, *, by: OperatorActor) -> None:
    """What one's team reads instead of an id.

    Raises Invalid without a name, NotFound for whoever works there no more.
    """
    with transaction.atomic():
        name_operator(by, name)


def name_operator(operator: OperatorActor, name: str) -> None:
    """The name, sealed under the account's own key (R-SEC-1). Raises as `name_oneself`; part of the caller's act."""
    written = " ".join(name.split())
    if not written:
        raise Invalid(_("Enter a name."), code="name_missing", pointer="name")
    if contains_identity_code(written):
        raise Invalid(_("Leave out the personal identity code."), code="identity_code", pointer="name")
    sealed = seal_text(operator.account_id, place=NAME_PLACE, row=operator.operator_id, text=written)
    if not Operator.objects.filter(id=operator.operator_id, ended_at=None).update(sealed_name=sealed):
        raise NotFound(code="operator_unknown")


def end_appointments(account_id: UUID, *, at: datetime) -> None:
    """The account works for nobody any more; name, PINs and shifts are gone. The last owner's, too: nobody is kept."""
    ShiftAtTill.objects.filter(operator__account_id=account_id).delete()
    Operator.objects.filter(account_id=account_id).update(sealed_name=b"", pin="")
    for operator_id in Operator.objects.filter(account_id=account_id).values_list("id", flat=True):
        _withdraw_all_of(operator_id, at=at)
    Operator.objects.filter(account_id=account_id, ended_at=None).update(ended_at=at)


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """End every appointment of the person's account, and a file they are taking along. The row of an appointment stays,
    without the account once that is gone.
    """
    FileUnderWay.objects.filter(person_id=person_id).delete()
    for account_id in Operator.objects.filter(account__person=person_id).values_list("account_id", flat=True):
        end_appointments(account_id, at=at)


def purge_acts(*, at: datetime, batch: int = BATCH) -> int:
    """Forget what operators did two years ago, `batch` acts a transaction; how many acts."""
    old, purged = OperatorAct.objects.filter(at__lt=at - ACTS_KEPT).order_by("at"), 0
    while some := list(old.values_list("id", flat=True)[:batch]):
        purged += OperatorAct.objects.filter(id__in=some).delete()[0]
    return purged


def appoint(account_id: UUID, *, third_party_id: UUID, role: str, at: datetime) -> Operator:
    """The appointment itself, once whoever appoints has been judged. Raises Invalid, Conflict."""
    known_role(role)
    try:
        with transaction.atomic():
            return Operator.objects.create(
                account_id=account_id, third_party_id=third_party_id, role=role, appointed_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("This account works for them already."), code="operator_known") from error


def known_role(role: str) -> None:
    """Raise Invalid for a role there is none of."""
    if role not in rules.ROLES:
        raise Invalid(_("Choose a role."), code="role_unknown", pointer="role")


def _withdraw_all_of(operator_id: UUID, *, at: datetime) -> None:
    """Whoever may invite no more leaves no way in behind."""
    open_ones = Invitation.objects.filter(invited_by_id=operator_id, accepted_at=None, expires_at__gt=at)
    open_ones.update(expires_at=at)


def _colleague(operator_id: UUID, *, by: OperatorActor) -> Operator:
    """Somebody who works there now; the team is locked, so that two owners cannot end each other."""
    ThirdParty.objects.select_for_update().get(id=by.third_party_id)
    operator = Operator.objects.filter(id=operator_id, third_party_id=by.third_party_id, ended_at=None).first()
    if operator is None:
        raise NotFound(code="operator_unknown")
    return operator


def _keep_an_owner(operator: Operator) -> None:
    others = Operator.objects.filter(third_party_id=operator.third_party_id, role="owner", ended_at=None)
    if operator.role == "owner" and not others.exclude(id=operator.id).exists():
        raise Conflict(_("This is the last owner. Make somebody else an owner first."), code="last_owner")

"""What a third party asks of cards and of its own people at the till, and what it counts at a place."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients.actions.acting import note_act, note_if_operator, working_for
from kliento.domain.recipients.actions.duty import end_shifts
from kliento.domain.recipients.models import Operator, Premises, ThirdParty
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import LEVELS_DEMANDED, Right
from kliento.kernel.actor import Actor, OperatorActor
from kliento.kernel.errors import Conflict, Invalid, NotFound


def demand_levels(*, identify: str, redeem: str, by: OperatorActor, at: datetime) -> None:
    """The weakest card one's company takes, to identify somebody and to give a reward, from the next scan on.

    Raises Invalid for a level that cannot be demanded, NotAllowed for a role that runs no places.
    """
    require(by, Right.MANAGE_PLACES)
    for name, level in (("identify", identify), ("redeem", redeem)):
        if level not in LEVELS_DEMANDED:
            raise Invalid(_("Choose what is enough."), code="level_unknown", pointer=name)
    with transaction.atomic():
        mine = ThirdParty.objects.filter(id=by.third_party_id)
        changed = mine.exclude(least_to_identify=identify, least_to_redeem=redeem)
        if changed.update(least_to_identify=identify, least_to_redeem=redeem):
            note_act(by, "levels_demanded", reference=f"{identify} {redeem}", at=at)


def want_pins(*, wanted: bool, by: OperatorActor, at: datetime) -> None:
    """Whether one's company's tills open for an operator's PIN only, from the next page on.

    Raises Conflict while whoever asks for it has no PIN: they would shut themselves out, and mostly everybody else.
    """
    require(by, Right.MANAGE_PLACES)
    with transaction.atomic():
        if wanted and not Operator.objects.filter(id=by.operator_id, ended_at=None).exclude(pin="").exists():
            raise Conflict(_("Choose a PIN of your own first, so that you can open the tills."), code="own_pin_missing")
        if ThirdParty.objects.filter(id=by.third_party_id, pin_wanted=not wanted).update(pin_wanted=wanted):
            if not wanted:
                end_shifts(operator__third_party_id=by.third_party_id, at=at)
            note_act(by, "pins_wanted" if wanted else "pins_dropped", at=at)


def count_stays(premises_id: UUID, *, stays: bool, by: Actor, at: datetime) -> None:
    """Whether cards are shown on the way out of these premises, too. Raises NotFound, NotAllowed."""
    owner = Premises.objects.filter(id=premises_id).values_list("third_party_id", flat=True).first()
    if owner is None:
        raise NotFound(code="premises_unknown")
    working_for(owner, Right.MANAGE_PLACES, by=by)
    counts = Premises.Counts.STAYS if stays else Premises.Counts.VISITS
    with transaction.atomic():
        if Premises.objects.filter(id=premises_id).exclude(counts=counts).update(counts=counts):
            note_if_operator(by, f"{counts.value}_counted", reference=str(premises_id), at=at)

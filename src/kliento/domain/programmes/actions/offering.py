"""A third party's own programme: opened, changed and closed by its operators who may run it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.policy.queries import register
from kliento.domain.programmes import rules
from kliento.domain.programmes.actions.using import end_card
from kliento.domain.programmes.models import Membership, Programme
from kliento.domain.programmes.queries import ProgrammeView, programme_by
from kliento.domain.programmes.queries.offers import terms_of
from kliento.domain.recipients.actions import note_act
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.actions import PROGRAMME, check_shareable
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Conflict, Invalid, NotFound

_AT_ONCE = 100
_ENTERED_AT_ONCE = 1000


def open_programme(
    *,
    name: str,
    reward: str,
    stamps_needed: int,
    fields: Sequence[str] = (),
    reason: str = "",
    most_a_day: int = 2,
    stamps_last_days: int | None = None,
    by: OperatorActor,
    at: datetime,
) -> ProgrammeView:
    """Offer a stamp card. `fields` go to the issuer while the card is in use; `reason` says why, to the person.

    Raises Invalid for what cannot be offered or asked for, Conflict while another programme is open, NotAllowed for a
    role that does not run programmes.
    """
    require(by, Right.RUN_PROGRAMME)
    _refuse(
        rules.obstacles_to_offering(
            rules.Terms(name.strip(), reward.strip(), stamps_needed, most_a_day, stamps_last_days),
            fields=fields,
            reason=reason.strip(),
        )
    )
    _refuse_undeclared(fields)
    try:
        with transaction.atomic():
            row = Programme.objects.create(
                third_party_id=by.third_party_id,
                name=name.strip(),
                reward=reward.strip(),
                stamps_needed=stamps_needed,
                fields=sorted(set(fields)),
                reason=reason.strip(),
                most_a_day=most_a_day,
                stamps_last_days=stamps_last_days,
                opened_at=at,
            )
            note_act(by, "programme_opened", reference=str(row.id), at=at)
    except IntegrityError as error:
        raise Conflict(_("Close your open programme first."), code="programme_open") from error
    return _mine(by)


def change_programme(
    *,
    name: str,
    reward: str,
    stamps_needed: int,
    most_a_day: int,
    stamps_last_days: int | None,
    by: OperatorActor,
    at: datetime,
) -> ProgrammeView:
    """Change the terms of the open programme; each of its card's holders sees in Activity what changed.

    Stamps that were earned keep their ends, all else counts for everybody at once. The same terms again change nothing.
    Which fields go to the issuer never changes: people agreed to what they saw. Close the programme and open another
    to ask for others. Raises as `open_programme` does, NotFound without an open programme.
    """
    require(by, Right.RUN_PROGRAMME)
    terms = rules.Terms(name.strip(), reward.strip(), stamps_needed, most_a_day, stamps_last_days)
    _refuse(rules.obstacles_to_offering(terms, fields=(), reason=""))
    with transaction.atomic():
        row = _locked(by)
        before = terms_of(row)
        if terms == before:
            return _mine(by)
        row.changed_at, row.changed_from = at, asdict(before)
        row.name, row.reward, row.stamps_needed = terms.name, terms.reward, terms.stamps_needed
        row.most_a_day, row.stamps_last_days = terms.most_a_day, terms.stamps_last_days
        row.version += 1
        row.save()
        note_act(by, "programme_changed", reference=str(row.id), at=at)
        _tell_holders(row, {"before": asdict(before), "after": asdict(terms)}, at=at)
    return _mine(by)


def close_programme(*, by: OperatorActor, at: datetime) -> None:
    """Close the open programme: every card of it goes out of use, then it is closed.

    A transaction for each card, so that tills go on meanwhile. At every moment a card is in use exactly while its
    fields are shared; interrupted, the programme is still open and closing it again goes on. Raises NotFound.
    """
    require(by, Right.RUN_PROGRAMME)
    programme = _mine(by)
    in_use = Membership.objects.filter(programme_id=programme.id, ended_at=None, subject_id__isnull=False)
    while True:
        for person_id in list(in_use.values_list("subject_id", flat=True)[:_AT_ONCE]):
            if person_id is not None:
                end_card(person_id, programme, by=by, at=at)
        with transaction.atomic():
            row = _locked(by)
            if not in_use.exists():
                row.closed_at = at
                row.save(update_fields=["closed_at"])
                note_act(by, "programme_closed", reference=str(row.id), at=at)
                return


def _tell_holders(row: Programme, changed: Mapping[str, object], *, at: datetime) -> None:
    """Enter it for everybody whose card is in use, in one order everywhere, 1000 at a time."""
    in_use = Membership.objects.filter(programme_id=row.id, ended_at=None, subject_id__isnull=False)
    holders = list(in_use.order_by("subject_id").values_list("subject_id", flat=True))
    entries = [
        NewEntry(holder, "loyalty_card_changed", at, row.third_party_id, PROGRAMME, "contract", payload=changed)
        for holder in holders
    ]
    for first in range(0, len(entries), _ENTERED_AT_ONCE):
        record(entries[first : first + _ENTERED_AT_ONCE])


def _locked(by: OperatorActor) -> Programme:
    """The open programme, locked: nobody takes its card into use meanwhile."""
    row = Programme.objects.select_for_update().filter(third_party_id=by.third_party_id, closed_at=None).first()
    if row is None:
        raise NotFound(code="unknown_programme")
    return row


def _mine(by: OperatorActor) -> ProgrammeView:
    programme = programme_by(by.third_party_id)
    if programme is None:
        raise NotFound(code="unknown_programme")
    return programme


def _refuse_undeclared(fields: Sequence[str]) -> None:
    """Only what the declaration lets an issuer have, never a special category (R-ISS-1)."""
    for field in fields:
        check_shareable(field, PROGRAMME)
        kept_in = register().field(register().kept_in(field))
        if kept_in.special or kept_in.keeper != "person":
            raise Invalid(_("This detail cannot be asked for."), code="field_not_for_programmes", pointer="fields")


def _refuse(obstacles: dict[str, str]) -> None:
    if obstacles:
        messages = {field: _MESSAGES[code] for field, code in obstacles.items()}
        raise Invalid(next(iter(messages.values())), code=next(iter(obstacles.values())), fields=messages)


_MESSAGES = {
    "identity_code": _("Leave out the personal identity code."),
    "missing": _("Write something here."),
    "too_long": _("This is too long."),
    "out_of_range": _("Choose another number."),
    "reason_missing": _("Say why you need these details: people see it before they decide."),
}

"""Spending stamps, undoing that, taking back what a wrong visit earned, and stamps that run out.

Everything here runs inside the caller's transaction with the person locked, unless it says otherwise: two tills at once
wait for each other, and the second one finds what the first one left.
"""

import time
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.queries import lock_holder
from kliento.domain.programmes import rules
from kliento.domain.programmes.actions.ledger import add_movement
from kliento.domain.programmes.actions.moving import Staying, follow_claims
from kliento.domain.programmes.models import LedgerEntry, LotUse, Membership
from kliento.domain.programmes.queries import lots_of, membership_at
from kliento.domain.programmes.queries.ledger import EARNED, last_entries, with_expired_lots
from kliento.domain.programmes.queries.memberships import standing_of
from kliento.domain.programmes.queries.offers import terms_of
from kliento.domain.programmes.rules import StampsView, Standing, Taking, view_of
from kliento.domain.recipients.actions import note_at_till
from kliento.domain.sharing.rules import PROGRAMME
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, NotFound

_BASIS = "contract"
_LOOKED_BACK = timedelta(days=30)  # for expired stamps: far longer than the clock ever stands still
_RUNS_SECONDS = 30.0
Kind = LedgerEntry.Kind


def redeem(subject_id: UUID, *, act_id: UUID, by: TerminalActor, at: datetime) -> StampsView | None:
    """Spend the stamps of one reward of this till's programme, for whoever is on duty. `act_id` is made by the till.

    None when there are too few of them: what ran out is entered then too, so nothing may be rolled back. Raises
    Conflict "no_card_in_use".
    """
    standing = membership_at(subject_id, by.third_party_id, at=at)
    if standing is None:
        raise Conflict(_("No loyalty card of yours is in use."), code="no_card_in_use")
    standing = _let_run_out(standing, by.third_party_id, at=at)
    needed = standing.terms.stamps_needed
    takings = rules.taken(lots_of(standing.membership_id), needed, at=at)
    if takings is None:
        return None
    after = add_movement(standing, Kind.REDEEMED, -needed, takings=takings, at=at, act_id=act_id, by=by)
    if by.operator_id is not None:
        note_at_till(by, "reward_given", at=at)
    _enter("reward_redeemed", after, by.third_party_id, spent=needed, at=at, terminal_id=by.terminal_id)
    return after.view


def redeemed_before(act_id: UUID, *, subject_ids: Collection[UUID], by: TerminalActor) -> StampsView | None:
    """The first answer to a redemption that was made already, or None.

    `subject_ids`: the subject of the visit, and whose it is by now. Raises Conflict when its id was used for another
    card, or anywhere else.
    """
    entry = LedgerEntry.objects.filter(act_id=act_id).first()
    if entry is None:
        return None
    membership = Membership.objects.select_related("programme").get(id=entry.membership_id)
    if entry.subject_id not in subject_ids or membership.programme.third_party_id != by.third_party_id:
        raise Conflict(_("This redemption id was used already."), code="redemption_id_reused")
    return view_of(terms_of(membership.programme), entry.balance)


def reverse_redemption(act_id: UUID, *, staying: Staying, by: TerminalActor, at: datetime) -> StampsView:
    """Undo a redemption of this third party within 10 minutes; undoing it again changes nothing.

    A transaction of its own, noted in the company's audit: whoever undoes what they handed over takes it from the
    company (threat 29). The stamps go back into the lots they came from, with the ends they had; those of a card that
    was claimed meanwhile, or whose claim was undone, go where its other stamps went, but for those that a claim leaves
    with the card (`staying`). Raises NotFound, also for those of others; Conflict "too_late_to_undo".
    """
    with transaction.atomic():
        entry = LedgerEntry.objects.filter(act_id=act_id, kind=Kind.REDEEMED, subject_id__isnull=False).first()
        standing = None if entry is None else _locked(entry, by.third_party_id, at=at)
        if entry is None or standing is None:
            raise NotFound(code="unknown_redemption")
        if LedgerEntry.objects.filter(reverses=entry.id).exists():
            return standing.view
        if at > entry.at + rules.UNDO_WITHIN:
            raise Conflict(_("A reward can be undone for 10 minutes only."), code="too_late_to_undo")
        back = _given_back(entry)
        amount = -sum(taking.amount for taking in back)
        after = add_movement(standing, Kind.REVERSED, amount, takings=back, at=at, reverses=entry.id, by=by)
        note_at_till(by, "reward_undone", at=at)
        _enter("redemption_undone", after, by.third_party_id, spent=-amount, at=at, terminal_id=by.terminal_id)
        after = follow_claims(after, [taking.lot_id for taking in back], staying=staying, at=at)
        return replace(after, gone=last_entries([after.membership_id], at=at)[after.membership_id].gone).view


def reverse_earning(visit_id: UUID, *, at: datetime) -> None:
    """Take back what is left of the stamps that a visit earned; none of it comes back by undoing a redemption.

    What was spent stays spent. A visit that earned nothing, or was reversed already, changes nothing. The caller enters
    the act.
    """
    lot = LedgerEntry.objects.filter(visit_id=visit_id, kind=EARNED, subject_id__isnull=False).first()
    while lot is not None and (moved := _moved_on(lot)) is not None:
        lot = moved
    if lot is None or LedgerEntry.objects.filter(reverses=lot.id).exists():
        return
    standing = standing_of(Membership.objects.select_related("programme").get(id=lot.membership_id), at=at)
    if standing is None:
        return
    takings = [Taking(each.entry_id, each.left) for each in lots_of(lot.membership_id) if each.entry_id == lot.id]
    amount = -sum(taking.amount for taking in takings)
    add_movement(standing, Kind.REVERSED, amount, takings=takings, at=at, reverses=lot.id)


def _moved_on(lot: LedgerEntry) -> LedgerEntry | None:
    """The lot that goes on where this one's stamps moved to, last."""
    return LedgerEntry.objects.filter(moved_from=lot.id, subject_id__isnull=False).order_by("-id").first()


def expire_lots(*, at: datetime, at_once: int = 500) -> int:
    """Enter the stamps that ran out, each membership in a transaction of its own; how many memberships.

    They are looked up `at_once`, until there is none left or half a minute is over: the next run goes on.
    """
    since, until = at - _LOOKED_BACK, time.monotonic() + _RUNS_SECONDS
    found = with_expired_lots(at=at, since=since, after=None, limit=at_once)
    expired = 0
    while found:
        for membership_id, subject_id in found:
            _expire(membership_id, subject_id, at=at)
        expired += len(found)
        if len(found) < at_once or time.monotonic() > until:
            break
        found = with_expired_lots(at=at, since=since, after=found[-1][0], limit=at_once)
    return expired


def _expire(membership_id: UUID, subject_id: UUID, *, at: datetime) -> None:
    with transaction.atomic():
        holder = lock_holder(subject_id)
        if holder is None or holder.id != subject_id:
            return  # what a claim left with its card counts for nobody while it stands
        membership = Membership.objects.select_related("programme").get(id=membership_id)
        standing = standing_of(membership, at=at)
        if standing is not None:
            _let_run_out(standing, membership.programme.third_party_id, at=at)


def _let_run_out(standing: Standing, third_party_id: UUID, *, at: datetime) -> Standing:
    """Enter what ran out by now, if anything did."""
    takings = rules.run_out(lots_of(standing.membership_id), at=at)
    if not takings:
        return standing
    amount = sum(taking.amount for taking in takings)
    after = replace(add_movement(standing, Kind.RAN_OUT, -amount, takings=takings, at=at), gone=0)
    _enter("stamps_ran_out", after, third_party_id, spent=amount, at=at)
    return after


def _locked(entry: LedgerEntry, third_party_id: UUID, *, at: datetime) -> Standing | None:
    """The membership of this entry with its holder locked; None when it is another third party's, or nobody's."""
    if entry.subject_id is None or lock_holder(entry.subject_id) is None:
        return None
    membership = (
        Membership.objects.filter(id=entry.membership_id, programme__third_party_id=third_party_id)
        .select_related("programme")
        .first()
    )
    return None if membership is None else standing_of(membership, at=at)


def _given_back(entry: LedgerEntry) -> list[Taking]:
    takings = [Taking(*row) for row in LotUse.objects.filter(entry_id=entry.id).values_list("lot_id", "amount")]
    lots = LedgerEntry.objects.filter(reverses__in=[taking.lot_id for taking in takings])
    kept = rules.given_back(takings, reversed_lots=frozenset(filter(None, lots.values_list("reverses", flat=True))))
    return [Taking(taking.lot_id, -taking.amount) for taking in kept]


def _enter(
    kind: str,
    after: Standing,
    third_party_id: UUID,
    *,
    spent: int,
    at: datetime,
    terminal_id: UUID | None = None,
) -> None:
    payload: dict[str, object] = {"membership_id": str(after.membership_id), "spent": spent, "left": after.balance}
    if terminal_id is not None:
        payload["terminal_id"] = str(terminal_id)
    record([NewEntry(after.subject_id, kind, at, third_party_id, PROGRAMME, _BASIS, payload=payload)])

"""What loyalty cards write into Activity, and how it reads. A stamp earned stands in the entry of its visit."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from kliento.domain.activity.rules import Alert, EntryView, ErasedAs, Group, Kind, OneLine, Reading, Variants, quoted


class LoyaltyCardTaken(Kind):
    """The person took an issuer's loyalty card into use."""

    code: ClassVar[str] = "loyalty_card_taken"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the fields that go to the issuer from now on."""
        line = (
            _("You took their loyalty card into use. They may see")
            if entry.fields
            else (_("You took their loyalty card into use. They learn nothing new"))
        )
        return Reading(title=entry.recipient, line=line)

    def alerts(self, entry: EntryView) -> Alert:
        """They had not known the person."""
        return "newly_known" if entry.payload.get("first") else ""


class LoyaltyCardPutAway(Kind):
    """A loyalty card went out of use: by its holder, or because the issuer closed the programme."""

    code: ClassVar[str] = "loyalty_card_put_away"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"closed": True}, {})

    def reads(self, entry: EntryView) -> Reading:
        """Who ended it."""
        line = (
            _("They closed their loyalty programme")
            if entry.payload.get("closed")
            else (_("You put their loyalty card out of use. Your stamps wait"))
        )
        return Reading(title=entry.recipient, line=line, outcome="off")


class LoyaltyCardChanged(Kind):
    """The issuer changed the terms of a loyalty card in use."""

    code: ClassVar[str] = "loyalty_card_changed"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What was, and what is now."""
        words = "; ".join(words_of_change(_terms(entry, "before"), _terms(entry, "after")))
        return Reading(title=entry.recipient, line=_("They changed the terms of their loyalty card: %s") % words)


class RewardRedeemed(Kind):
    """Stamps were spent on a reward at a till."""

    code: ClassVar[str] = "reward_redeemed"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """How many went, how many are left."""
        line = _("Reward redeemed · %(spent)s stamps used, %(left)s left") % _numbers(entry)
        return Reading(title=entry.recipient, line=line)


class RedemptionUndone(Kind):
    """A redemption was undone at the till; the stamps are back."""

    code: ClassVar[str] = "redemption_undone"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """How many there are again."""
        line = _("Reward undone · you have %(left)s stamps again") % _numbers(entry)
        return Reading(title=entry.recipient, line=line)


class StampsRanOut(Kind):
    """Stamps reached their end unused."""

    code: ClassVar[str] = "stamps_ran_out"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """How many."""
        spent = int(str(entry.payload.get("spent", 0)))
        line = ngettext_lazy("%(spent)s stamp ran out", "%(spent)s stamps ran out", spent) % {"spent": spent}
        return Reading(title=entry.recipient, line=line, outcome="off")


class StampsMoved(OneLine, Kind):
    """Seals a movement of the ledger, under the movement's own id; the payload holds its hash."""

    code: ClassVar[str] = "stamps_moved"
    group: ClassVar[Group] = "log"
    erasure: ClassVar[ErasedAs] = "no_subject"
    line: ClassVar[object] = _("Stamps moved")


def words_of_stamps(balance: int, needed: int) -> str:
    """How many stamps there are: of how many, or, once the reward can be had, that it can."""
    if balance < needed:
        return _("%(balance)s of %(needed)s stamps") % {"balance": balance, "needed": needed}
    return ngettext("Reward ready · %(count)s stamp", "Reward ready · %(count)s stamps", balance) % {"count": balance}


def words_of_change(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Every term that changed, each in words, old and new, rewards quoted; terms as a programme keeps them."""
    lines = {
        "name": _("it is called %(after)s, not %(before)s any more"),
        "reward": _("the reward is %(after)s, it was %(before)s"),
        "stamps_needed": _("stamps for the reward: %(after)s, they were %(before)s"),
        "most_a_day": _("stamps a day, at most: %(after)s, they were %(before)s"),
        "stamps_last_days": _("a new stamp lasts: %(after)s, it was %(before)s"),
    }
    return [
        str(line) % {"before": _said(code, before.get(code)), "after": _said(code, after.get(code))}
        for code, line in lines.items()
        if before.get(code) != after.get(code)
    ]


def _said(code: str, value: object) -> str:
    if code == "reward":
        return quoted(value)
    if code != "stamps_last_days":
        return str(value)
    if value is None:
        return str(_("without an end"))
    days = int(str(value))
    return ngettext_lazy("%(days)s day", "%(days)s days", days) % {"days": days}


def _terms(entry: EntryView, which: str) -> Mapping[str, object]:
    terms = entry.payload.get(which)
    return terms if isinstance(terms, Mapping) else {}


def _numbers(entry: EntryView) -> dict[str, object]:
    return {"spent": entry.payload.get("spent", 0), "left": entry.payload.get("left", 0)}

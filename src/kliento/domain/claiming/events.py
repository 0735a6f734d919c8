"""What claiming writes into Activity, and how it reads."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Group, Kind, Reading, Variants


class ClaimCodeGiven(Kind):
    """A till gave a claim code for an unregistered card; its subject is the card."""

    code: ClassVar[str] = "claim_code_given"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Whoever claims the card sees where the code came from."""
        return Reading(title=entry.recipient, line=_("Gave a claim code for the card at the till"))


class CardClaimed(Kind):
    """The person brought an unregistered card to their account."""

    code: ClassVar[str] = "card_claimed"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"replaced": True}, {})

    def reads(self, entry: EntryView) -> Reading:
        """Beside the card they have, or instead of one."""
        line = (
            _("You changed your card: this one instead of the old one")
            if entry.payload.get("replaced")
            else _("You added a card. Its visits and stamps are yours now")
        )
        return Reading(title=_("You"), line=line)


class ClaimUndone(Kind):
    """A claim was undone: by the person, or by the third party whose till gave the code."""

    code: ClassVar[str] = "claim_undone"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Who undid it."""
        if entry.recipient_id is not None:
            line = _("Undid that you added a card: its holder said it was not theirs to give")
            return Reading(title=entry.recipient, line=line, outcome="off")
        return Reading(title=_("You"), line=_("You undid adding a card. It is on its own again"), outcome="off")

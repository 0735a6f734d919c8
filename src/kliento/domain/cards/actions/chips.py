"""What can be a card besides our own: a chip somebody carries, known by its number.

At tills and on a person's own page the same numbers are taken, and the same refused for the same reasons.
"""

from django.utils.translation import gettext_lazy as _

from kliento.domain.cards import rules
from kliento.domain.cards.rules import NoChip
from kliento.kernel.errors import Invalid

_WHY_NOT = {
    NoChip.NOT_A_UID: _(
        "Enter the chip’s number in hexadecimal: 8, 14 or 20 of the digits 0–9 and letters A–F, like"
        " 04:A2:3B:5C:6D:7E:80. A reader that types ten plain digits can be set to do so."
    ),
    NoChip.PRODUCT: _("This is the number of a product, as shops scan it at the till. It cannot be anybody’s card."),
    NoChip.RANDOM: _(
        "This chip makes up a new number each time, as phones do. It cannot be used: no till would know it again."
    ),
    NoChip.PART: _("Only a part of the number was read. Read it again, and hold the card still."),
    NoChip.SHARED: _("Several cards have this number, so it cannot tell yours from theirs. Use another one."),
}


def chip_number(read: str) -> str:
    """The chip's number in its one form. Raises Invalid, with a sentence that says why it is none or cannot be used."""
    found = rules.chip_number(read)
    if isinstance(found, NoChip):
        raise Invalid(_WHY_NOT[found], code=found.value, pointer="code")
    return found

"""How movements of stamps, what became of a question, and reasons for deleting read in the portal."""

from django.utils.translation import gettext_lazy as _

from kliento.domain.questions.rules import Outcome

MOVEMENTS = {
    "earned": _("Visit"),
    "redeemed": _("Reward given"),
    "reversed": _("Reversed"),
    "ran_out": _("Ran out"),
    "moved": _("Moved with a card"),
}
# One act moves stamps at several companies at once: a day is all they read of when (threat 8).
BY_THE_DAY = frozenset({"moved"})
# In words, and the look of the tag.
OUTCOMES = {
    Outcome.OPEN: (_("Not answered yet"), "wait"),
    Outcome.SHARED: (_("Shared"), "ok"),
    Outcome.REFUSED: (_("Answered no"), "no"),
    Outcome.WITHDRAWN: (_("You closed the question"), "off"),
    Outcome.EXPIRED: (_("Not answered in time"), "off"),
}
# Why a copy is to be deleted. What the person did is theirs to tell: the sentences say no more than the shop must know.
REASONS = {
    "ended": _("No longer shared with you"),
    "removed": _("No longer kept by the member"),
    "hidden": _("Hidden by the member"),
    "ran_out": _("The time it was shared for is over"),
    "stopped": _("The member stopped sharing with you"),
    "card_out_of_use": _("The loyalty card is out of use"),
    "outdated": _("Shared under words that have changed since"),
    "account_closed": _("The member has left Kliento"),
}

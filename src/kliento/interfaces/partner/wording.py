"""How roles, flags and acts read in the portal."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

ROLES = {"owner": _("Owner"), "manager": _("Manager"), "till": _("Till"), "analyst": _("Analyst")}
WHAT_ROLES_MAY = {
    "owner": _("Everything, the team and the audit included."),
    "manager": _("Everything but the team and the audit."),
    "till": _("Works at a till. Sees no page of the portal."),
    "analyst": _("Sees how many visits there were, and nobody behind them."),
}
REVEALS = {
    "health": _("Visits tell about health"),
    "union": _("Visits tell about a trade union"),
    "belief": _("Visits tell about belief"),
}
# How sure a card makes who it is, the weakest first: what is enough, in words a shopkeeper would use.
LEVELS = {
    "uid": _("Any card"),
    "static": _("A Kliento card, printed or on the phone"),
    "rotating": _("The code on the phone alone"),
}
WHAT_LEVELS_MEAN = {
    "uid": _(
        "Travel cards and other cards that are read by their number are enough, too. Such a number can be copied with a"
        " phone: whoever has it is taken for your customer."
    ),
    "static": _(
        "Travel cards and other cards that are read by their number are not taken. A printed card can be photographed"
        " and shown by somebody else."
    ),
    "rotating": _(
        "Printed cards and travel cards are not taken. The code changes every 30 seconds and is good once: nobody else"
        " can show it. Customers without a phone are left out."
    ),
}
_SHUT_OUT = {
    "static": _("Customers who only carry a travel card"),
    "rotating": _("Customers who only carry a printed card or a travel card"),
}


def shut_out(identify: str, redeem: str) -> list[object]:
    """Who is left out by that, in sentences; nobody: none."""
    said: list[object] = []
    if identify in _SHUT_OUT:
        said.append(format_lazy(_("{who} are not identified at your tills."), who=_SHUT_OUT[identify]))
    if redeem in _SHUT_OUT and redeem != identify and identify != "rotating":
        said.append(format_lazy(_("{who} are given no rewards."), who=_SHUT_OUT[redeem]))
    return said


ACTS = {
    "premises_added": _("Added premises"),
    "premises_renamed": _("Renamed premises"),
    "pairing_code_made": _("Made a pairing code"),
    "terminal_revoked": _("Disconnected a terminal"),
    "levels_demanded": _("Changed which cards are enough"),
    "pins_wanted": _("Let tills ask for a PIN"),
    "pins_dropped": _("Let tills ask for no PIN"),
    "pin_set": _("Chose a PIN"),
    "pin_locked": _("Was shut out of a till after wrong PINs"),
    "visit_undone": _("Undid a scan at the till"),
    "reward_given": _("Gave a reward at the till"),
    "reward_undone": _("Undid a reward at the till"),
    "stays_counted": _("Let cards be shown on the way out, too"),
    "visits_counted": _("Let cards be shown once a visit"),
    "operator_invited": _("Invited somebody to the team"),
    "invitation_withdrawn": _("Withdrew an invitation"),
    "operator_joined": _("Joined the team"),
    "role_changed": _("Changed a role"),
    "operator_ended": _("Ended somebody’s work here"),
    "visits_exported": _("Took visits along as a file"),
    "members_exported": _("Took members along as a file"),
    "question_made": _("Made a question"),
    "question_closed": _("Closed a question"),
    "member_asked": _("Asked a member"),
    "deletion_confirmed": _("Said that a copy is deleted"),
    "deletion_taken_back": _("Took back that a copy is deleted"),
    "blank_cards_made": _("Made blank cards"),
    "blank_cards_shown": _("Opened the sheets of blank cards"),
    "claim_undone": _("Undid the claim of a card"),
    "programme_opened": _("Started the programme"),
    "programme_changed": _("Changed the programme"),
    "programme_closed": _("Closed the programme"),
}
# What was taken along, once its kind is known.
TAKEN = {
    "visits_exported": _("Took visits along as %(kind)s"),
    "members_exported": _("Took members along as %(kind)s"),
}

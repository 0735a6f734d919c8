"""How roles, flags and acts read in the portal."""

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
ACTS = {
    "premises_added": _("Added premises"),
    "premises_renamed": _("Renamed premises"),
    "pairing_code_made": _("Made a pairing code"),
    "terminal_revoked": _("Disconnected a terminal"),
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
    "blank_cards_made": _("Made blank cards"),
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

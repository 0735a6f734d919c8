"""What a person lets a third party see, and how that ends.

relationships.py  opened with a member number of their own
granting.py       one field at a time, and a loyalty card's fields together
defaults.py       what is shared at a first visit
continuing.py     a claimed card's go on as the person's
pausing.py        nothing for a while
ending.py         by a switch, with a value, with everything, by the clock
withdrawing.py    with a consent that is taken back
notices.py        delete your copy: made, announced, confirmed
erasing.py        what stays of a person who left
entering.py       how all of it is entered in Activity
"""

from kliento.domain.sharing.actions.continuing import continue_no_more, continue_relationships
from kliento.domain.sharing.actions.defaults import (
    grants_at_first_visit,
    leave_out_of_default_set,
    set_default_set,
)
from kliento.domain.sharing.actions.ending import (
    end_everything,
    end_expired_grants,
    end_first_grants,
    end_grant,
    end_grants,
    end_grants_of_openings,
    end_outdated,
    end_programme_grants,
    note_outdated_grants,
    stop_company,
)
from kliento.domain.sharing.actions.erasing import erase_person, purge_settled_notices
from kliento.domain.sharing.actions.granting import (
    change_end,
    check_shareable,
    grant_field,
    grant_for_programme,
    grant_special_field,
)
from kliento.domain.sharing.actions.notices import (
    confirm_deletion,
    mark_announced,
    take_back_confirmation,
    tell_of_hiding,
)
from kliento.domain.sharing.actions.pausing import pause_sharing, resume_sharing
from kliento.domain.sharing.actions.relationships import open_relationships
from kliento.domain.sharing.actions.reminding import remind_of_ends
from kliento.domain.sharing.actions.withdrawing import refuse_consent, withdraw_consent
from kliento.domain.sharing.rules import PROGRAMME, SERVING

__all__ = [
    "PROGRAMME",
    "SERVING",
    "change_end",
    "check_shareable",
    "confirm_deletion",
    "continue_no_more",
    "continue_relationships",
    "end_everything",
    "end_expired_grants",
    "end_first_grants",
    "end_grant",
    "end_grants",
    "end_grants_of_openings",
    "end_outdated",
    "end_programme_grants",
    "erase_person",
    "grant_field",
    "grant_for_programme",
    "grant_special_field",
    "grants_at_first_visit",
    "leave_out_of_default_set",
    "mark_announced",
    "note_outdated_grants",
    "open_relationships",
    "pause_sharing",
    "purge_settled_notices",
    "refuse_consent",
    "remind_of_ends",
    "resume_sharing",
    "set_default_set",
    "stop_company",
    "take_back_confirmation",
    "tell_of_hiding",
    "withdraw_consent",
]

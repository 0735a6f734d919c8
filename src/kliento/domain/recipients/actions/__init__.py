"""Letting recipients in and out.

third_parties.py  recorded and approved by the register holder
places.py         premises, pairing codes, terminals
operators.py      who works there and as what
invitations.py    letting somebody join by a mailed link
files.py          one file at a time
lists.py          when a till had its block list
demands.py        what it asks of cards and of its people at the till
shifts.py         who is on duty there: PINs
duty.py           from when until when
languages.py      what each writes in
acting.py         whose act it is, and that it was theirs
"""

from kliento.domain.recipients.actions.acting import note_act, note_at_till
from kliento.domain.recipients.actions.demands import count_stays, demand_levels, want_pins
from kliento.domain.recipients.actions.duty import SHIFTS_KEPT, move_shift, purge_shifts
from kliento.domain.recipients.actions.files import begin_file, end_file, keep_file
from kliento.domain.recipients.actions.invitations import (
    OpenedInvitation,
    accept_invitation,
    open_invitation,
    purge_invitations,
    withdraw_invitation,
)
from kliento.domain.recipients.actions.languages import LANGUAGES, note_language
from kliento.domain.recipients.actions.lists import note_list_handed
from kliento.domain.recipients.actions.operators import (
    appoint_operator,
    change_role,
    end_appointments,
    end_operator,
    erase_person,
    name_oneself,
    purge_acts,
)
from kliento.domain.recipients.actions.places import (
    add_premises,
    flag_premises,
    make_pairing_code,
    pair_terminal,
    purge_pairing_codes,
    rename_premises,
    revoke_terminal,
)
from kliento.domain.recipients.actions.shifts import PinRefused, Shift, begin_shift, end_shift, set_pin
from kliento.domain.recipients.actions.third_parties import (
    add_third_party,
    approve_third_party,
    resume_third_party,
    suspend_third_party,
)

__all__ = [
    "LANGUAGES",
    "SHIFTS_KEPT",
    "OpenedInvitation",
    "PinRefused",
    "Shift",
    "accept_invitation",
    "add_premises",
    "add_third_party",
    "appoint_operator",
    "approve_third_party",
    "begin_file",
    "begin_shift",
    "change_role",
    "count_stays",
    "demand_levels",
    "end_appointments",
    "end_file",
    "end_operator",
    "end_shift",
    "erase_person",
    "flag_premises",
    "keep_file",
    "make_pairing_code",
    "move_shift",
    "name_oneself",
    "note_act",
    "note_at_till",
    "note_language",
    "note_list_handed",
    "open_invitation",
    "pair_terminal",
    "purge_acts",
    "purge_invitations",
    "purge_pairing_codes",
    "purge_shifts",
    "rename_premises",
    "resume_third_party",
    "revoke_terminal",
    "set_pin",
    "suspend_third_party",
    "want_pins",
    "withdraw_invitation",
]

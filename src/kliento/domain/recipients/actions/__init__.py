"""Letting recipients in and out.

third_parties.py  recorded and approved by the register holder
places.py         premises, pairing codes, terminals
operators.py      who works there and as what
invitations.py    letting somebody join by a mailed link
files.py          one file at a time
languages.py      what each writes in
acting.py         whose act it is, and that it was theirs
"""

from kliento.domain.recipients.actions.acting import note_act
from kliento.domain.recipients.actions.files import begin_file, end_file, keep_file
from kliento.domain.recipients.actions.invitations import (
    OpenedInvitation,
    accept_invitation,
    open_invitation,
    purge_invitations,
    withdraw_invitation,
)
from kliento.domain.recipients.actions.languages import LANGUAGES, note_language
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
from kliento.domain.recipients.actions.third_parties import add_third_party, approve_third_party

__all__ = [
    "LANGUAGES",
    "OpenedInvitation",
    "accept_invitation",
    "add_premises",
    "add_third_party",
    "appoint_operator",
    "approve_third_party",
    "begin_file",
    "change_role",
    "end_appointments",
    "end_file",
    "end_operator",
    "erase_person",
    "flag_premises",
    "keep_file",
    "make_pairing_code",
    "name_oneself",
    "note_act",
    "note_language",
    "open_invitation",
    "pair_terminal",
    "purge_acts",
    "purge_invitations",
    "purge_pairing_codes",
    "rename_premises",
    "revoke_terminal",
    "withdraw_invitation",
]

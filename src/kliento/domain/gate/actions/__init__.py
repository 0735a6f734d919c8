"""The only way personal values leave: every function that opens one is here, and enters in Activity what left.

deciding.py    what is asked and what is decided of it; opens nothing by itself
disclosing.py  to others: `disclose` for one question, `disclose_many` within the caller's own act
listing.py     to an operator, about many members: `disclose_list`, `disclose_export`
holding.py     to Kliento's own programs: `read_for_holder`
foreseeing.py  for the person: who would be given what, without opening or entering anything
own.py         to the person themself: `own_values`, `export_values`
delivering.py  to the person's own address, and what Kliento sealed for its own use
"""

from kliento.domain.gate.actions.deciding import Ask, Entered, Holding
from kliento.domain.gate.actions.delivering import open_earlier, open_for_delivery, open_sealed, open_sealed_list
from kliento.domain.gate.actions.disclosing import (
    Disclosure,
    NotCommitted,
    Refused,
    SealedDisclosure,
    at_till,
    disclose,
    disclose_many,
)
from kliento.domain.gate.actions.foreseeing import fields_kept, would_be_given
from kliento.domain.gate.actions.holding import read_for_holder
from kliento.domain.gate.actions.listing import disclose_export, disclose_list
from kliento.domain.gate.actions.own import RIGHTS, OwnValue, export_values, own_values
from kliento.domain.gate.queries import ThirdPartyRecipient

__all__ = [
    "RIGHTS",
    "Ask",
    "Disclosure",
    "Entered",
    "Holding",
    "NotCommitted",
    "OwnValue",
    "Refused",
    "SealedDisclosure",
    "ThirdPartyRecipient",
    "at_till",
    "disclose",
    "disclose_export",
    "disclose_list",
    "disclose_many",
    "export_values",
    "fields_kept",
    "open_earlier",
    "open_for_delivery",
    "open_sealed",
    "open_sealed_list",
    "own_values",
    "read_for_holder",
    "would_be_given",
]

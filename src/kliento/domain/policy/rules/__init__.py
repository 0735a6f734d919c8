"""What the declaration says and what follows from it. Pure: bytes and values in, decisions out; no Django, no files.

declaration.py     the shapes: Register and its parts, frozen
reading.py         TOML -> Register, or every mistake at once
parts.py           one part of it from its table
tables.py          a table of the document, read key by key
changes.py         what differs between two declarations
material.py        which differences touch a consent that was given
asked.py           the words somebody agrees to
values.py          is this text a value of that field?
addresses.py       e-mail addresses: kept, found, written to
derived.py         facts worked out from a value, to share instead of it
sentences.py       the sentences of the register description and the promises behind them
classification.py  is every column classified and every declaration used?
"""

from kliento.domain.policy.rules.addresses import envelope_form, login_form
from kliento.domain.policy.rules.asked import Asked, asked_for
from kliento.domain.policy.rules.changes import Change, changes_between
from kliento.domain.policy.rules.declaration import (
    EEA,
    SPECIAL_VISITS,
    Contact,
    Derived,
    Fee,
    Field,
    Holder,
    Objection,
    Purpose,
    RecipientKind,
    Register,
    Retention,
    Review,
    Right,
    Section,
    Source,
    Subjects,
    Supervisor,
    Terms,
    Text,
    in_eea,
)
from kliento.domain.policy.rules.derived import derive
from kliento.domain.policy.rules.material import Material, material_changes, outdates_consent
from kliento.domain.policy.rules.reading import PolicyMistakes, read
from kliento.domain.policy.rules.tables import Mistake
from kliento.domain.policy.rules.values import check_value, contains_identity_code

__all__ = [
    "EEA",
    "SPECIAL_VISITS",
    "Asked",
    "Change",
    "Contact",
    "Derived",
    "Fee",
    "Field",
    "Holder",
    "Material",
    "Mistake",
    "Objection",
    "PolicyMistakes",
    "Purpose",
    "RecipientKind",
    "Register",
    "Retention",
    "Review",
    "Right",
    "Section",
    "Source",
    "Subjects",
    "Supervisor",
    "Terms",
    "Text",
    "asked_for",
    "changes_between",
    "check_value",
    "contains_identity_code",
    "derive",
    "envelope_form",
    "in_eea",
    "login_form",
    "material_changes",
    "outdates_consent",
    "read",
]

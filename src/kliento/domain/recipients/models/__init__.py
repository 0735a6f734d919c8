"""Who may receive personal data: third parties, their premises, terminals and operators; and what operators did.

Nothing here is about a person who uses a card; operators are data subjects through their account only.

companies.py  third parties
places.py     premises and terminals
operators.py  who works there
"""

from kliento.domain.recipients.models.companies import FileUnderWay, ThirdParty, usual_purposes
from kliento.domain.recipients.models.operators import Invitation, Operator, OperatorAct, ShiftAtTill
from kliento.domain.recipients.models.places import PairingCode, Premises, Terminal

__all__ = [
    "FileUnderWay",
    "Invitation",
    "Operator",
    "OperatorAct",
    "PairingCode",
    "Premises",
    "ShiftAtTill",
    "Terminal",
    "ThirdParty",
    "usual_purposes",
]

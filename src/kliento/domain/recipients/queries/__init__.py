"""Reading recipients.

naming.py     names, which are public; what the register holder's command line looks up
terminals.py  a device by its secret, and where devices stand
operators.py  who works where, and what they did
"""

from kliento.domain.recipients.queries.naming import (
    RecipientName,
    approved_third_parties,
    names_of,
    premises_by_name,
    premises_called,
    premises_names,
    third_parties,
    third_party_by_name,
    third_party_of,
)
from kliento.domain.recipients.queries.operators import (
    Act,
    TeamMember,
    Workplace,
    acts_of,
    describe_person,
    operator_of,
    operators_to_tell,
    require,
    team_of,
    workplaces_of,
)
from kliento.domain.recipients.queries.terminals import (
    PairedTerminal,
    PremisesView,
    TerminalPlace,
    paired_terminal,
    place_of,
    premises_of,
    terminal_actor,
    terminals,
    terminals_of,
)

__all__ = [
    "Act",
    "PairedTerminal",
    "PremisesView",
    "RecipientName",
    "TeamMember",
    "TerminalPlace",
    "Workplace",
    "acts_of",
    "approved_third_parties",
    "describe_person",
    "names_of",
    "operator_of",
    "operators_to_tell",
    "paired_terminal",
    "place_of",
    "premises_by_name",
    "premises_called",
    "premises_names",
    "premises_of",
    "require",
    "team_of",
    "terminal_actor",
    "terminals",
    "terminals_of",
    "third_parties",
    "third_party_by_name",
    "third_party_of",
    "workplaces_of",
]

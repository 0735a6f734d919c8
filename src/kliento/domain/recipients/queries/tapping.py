"""Whether terminals may record now: a part of the statement that reads what is known where cards are shown.

A terminal is found by its secret once; whether it still stands is asked within every batch, so that revoking it, or the
approval of its third party, holds from the next scan on. `visits` runs what stands here.
"""

import json
from uuid import UUID

from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries.standing import standing_of
from kliento.kernel import sets
from kliento.kernel.actor import TerminalActor

_PART = """
    SELECT terminal.id AS terminal_id, {object}(
        'premises_id', premises.id, 'third_party_id', premises.third_party_id, 'reveals', premises.reveals,
        'counts', premises.counts, 'revoked_at', terminal.revoked_at,
         'least_to_identify', owner.least_to_identify, 'least_to_redeem', owner.least_to_redeem,
         'country', owner.country, 'transfer_mechanism', owner.transfer_mechanism
    ) AS document
    FROM (SELECT DISTINCT terminal_id FROM given) AS asking
    CROSS JOIN recipients_terminal AS terminal
    JOIN recipients_premises AS premises ON premises.id = terminal.premises_id
    JOIN recipients_third_party AS owner ON owner.id = premises.third_party_id AND owner.state = 'approved'
    WHERE terminal.id = asking.terminal_id
"""

STANDING_TERMINALS = {
    "sqlite": _PART.format(object="json_object"),
    "postgresql": _PART.format(object="jsonb_build_object"),
}
"""By engine: rows (terminal_id, document) for those of the table `given` that belong to an approved third party.

One that was revoked is among them, with the moment: what it had by then it may still hand in. No parameters.
"""


def terminal_from(terminal_id: UUID, document: object) -> TerminalActor | None:
    """One row of the part, read; None where the declaration no longer lets data go (R-TRF-1)."""
    read = json.loads(str(document))
    if not standing_of(ThirdParty.State.APPROVED, read["country"], read["transfer_mechanism"], ()).approved:
        return None
    return TerminalActor(
        terminal_id=terminal_id,
        premises_id=sets.identifier(read["premises_id"]),
        third_party_id=sets.identifier(read["third_party_id"]),
        reveals=read["reveals"],
        least_to_identify=read["least_to_identify"],
        least_to_redeem=read["least_to_redeem"],
        counts=read["counts"],
        revoked_at=None if read["revoked_at"] is None else sets.moment(read["revoked_at"]),
    )

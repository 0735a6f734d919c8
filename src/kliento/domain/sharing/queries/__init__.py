"""Reading what is shared.

relating.py    relationships with what is shared in them; members; default sets
force.py       which choices the words have changed under
past.py        what was shared until not long ago
notices.py     what a third party has still to delete
places.py      where a page of them goes on
describing.py  a person's download
"""

from kliento.domain.sharing.queries.describing import describe_person
from kliento.domain.sharing.queries.force import grant_has_force, without_force
from kliento.domain.sharing.queries.notices import (
    Notice,
    notices_at_hand,
    notices_of,
    open_notices,
    open_notices_count,
    place_of_notice,
)
from kliento.domain.sharing.queries.past import past_grants
from kliento.domain.sharing.queries.relating import (
    Continuations,
    asked_again,
    companies_of,
    continuations_of,
    continued_as,
    default_set,
    default_set_outdated,
    ending_soon,
    families_of,
    is_special,
    live_grants,
    may_be_asked,
    members_of,
    outdated_grants,
    place_of_member,
    relation_of,
    relations,
    relations_of,
    relationship_by_number,
)

__all__ = [
    "Continuations",
    "Notice",
    "asked_again",
    "companies_of",
    "continuations_of",
    "continued_as",
    "default_set",
    "default_set_outdated",
    "describe_person",
    "ending_soon",
    "families_of",
    "grant_has_force",
    "is_special",
    "live_grants",
    "may_be_asked",
    "members_of",
    "notices_at_hand",
    "notices_of",
    "open_notices",
    "open_notices_count",
    "outdated_grants",
    "past_grants",
    "place_of_member",
    "place_of_notice",
    "relation_of",
    "relations",
    "relations_of",
    "relationship_by_number",
    "without_force",
]

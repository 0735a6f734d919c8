"""What is shown at the tills: phones with the code of the moment, blank cards, and some codes that are no good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kliento.domain.cards.rules import CodeKeys, rotating_code, slot_at
from kliento.kernel.clock import now
from simulation.plan import Kind, Show

_OLD = timedelta(minutes=5)


@dataclass(frozen=True)
class Cards:
    """The ordinals of phones in use and of phones that were lost, and the numbers of cards that are nobody's."""

    phones: Sequence[int]
    lost: Sequence[int]
    blank: Sequence[str]
    keys: CodeKeys

    def code(self, show: Show) -> str:
        """What that card shows at this moment."""
        match show.kind:
            case Kind.FOREIGN:
                return f"{6_400_000_000_000 + show.number}"
            case Kind.BLANK:
                return self.blank[show.card % len(self.blank)]
            case Kind.BLOCKED:
                return self._rotating(self.lost[show.card % len(self.lost)])
            case Kind.EXPIRED:
                return self._rotating(self.phones[show.card], ago=_OLD)
        return self._rotating(self.phones[show.card])

    def _rotating(self, ordinal: int, *, ago: timedelta = timedelta()) -> str:
        return rotating_code(ordinal, slot_at(now() - ago), keys=self.keys)

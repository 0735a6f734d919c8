"""What a company reads, or would read: a detail's value, or the fact that is shared instead of it (R-USR-2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from kliento.domain.gate.actions import OwnValue
from kliento.domain.policy.queries import fact_in_words, register
from kliento.domain.policy.rules.derived import derive
from kliento.web.reading import as_read, said


@dataclass(frozen=True, slots=True)
class Shown:
    """One detail or derived fact in words. `text` is empty where nothing is kept; `kept_in` is what to add then."""

    code: str
    kept_in: str
    label: str
    text: str
    learns: str
    hidden: bool
    special: bool

    @property
    def missing(self) -> bool:
        """Nothing is kept that could be shown."""
        return not self.text


def shown(codes: Collection[str], values: Mapping[str, OwnValue], *, on: date | None = None) -> list[Shown]:
    """Those of `codes` the declaration knows, in its order, each fact after the detail it is worked out from."""
    day = on or localdate()
    return [_one(code, values, on=day) for code in in_order(codes)]


def shareable(purpose: str) -> list[str]:
    """What the declaration lets be shared for that purpose, in the catalogue's order."""
    declared = register()
    fields = declared.purpose(purpose).fields
    return [code for code in in_order(fields) if declared.detail(code).status == "in_use"]


def in_order(codes: Collection[str]) -> list[str]:
    """Those the declaration knows in the order of the catalogue, each fact after the detail it is worked out from."""
    declared = register()
    facts = declared.derived.values()
    catalogue = [one for code in declared.fields for one in (code, *(fact.code for fact in facts if fact.of == code))]
    return [code for code in catalogue if code in codes]


def _one(code: str, values: Mapping[str, OwnValue], *, on: date) -> Shown:
    declared = register()
    fact = declared.derived.get(code)
    field = declared.field(declared.kept_in(code))
    kept = values.get(field.code)
    text = as_read(field, kept.text) if kept else ""
    if fact is not None and kept is not None:
        text = fact_in_words(code, derive(fact, kept.text, on=on))
    return Shown(
        code=code,
        kept_in=field.code,
        label=said(declared.detail(code).label),
        text=text,
        learns=said(fact.learns) if fact else "",
        hidden=kept is not None and kept.hidden,
        special=bool(field.special),
    )


def labels_of(parts: Sequence[Shown]) -> str:
    """Their names, one after the other."""
    return ", ".join(part.label for part in parts)

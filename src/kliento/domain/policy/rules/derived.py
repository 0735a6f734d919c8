"""Facts worked out from a value, to share instead of it: over 18, not the birth date (R-USR-2)."""

from datetime import date

from kliento.domain.policy.rules.declaration import Derived


def derive(derived: Derived, text: str, *, on: date) -> str:
    """The fact `derived` names, on that day: "yes"/"no", a month "01"-"12", or the first characters of a postcode.

    `text` is the value as it is kept (dates as yyyy-mm-dd). However short the postcode, its last two characters are
    never told: a fact must not be the value.
    """
    if derived.kind == "over_age":
        return "yes" if _age(date.fromisoformat(text), on=on) >= derived.parameter else "no"
    if derived.kind == "month_of":
        return f"{date.fromisoformat(text).month:02d}"
    return text[: max(min(derived.parameter, len(text) - 2), 0)]


def _age(born: date, *, on: date) -> int:
    """Full years. Somebody born on 29 February turns a year older on 1 March of a common year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

"""What of a changed declaration touches a consent that was given under the earlier one (R-CON-6).

A consent stands on what its person was shown: the words, what may be used, who gets it, for how long. Where one of
these grows or reads otherwise, the consent is for something else. What only shrinks leaves it as it is. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from kliento.domain.policy.rules.declaration import Purpose, Register


class Material(StrEnum):
    """Why a change of one purpose is material. Stable: published notices carry these codes for good."""

    NEW = "new"
    BEGINS = "begins"
    WORDING = "wording"
    BASIS = "basis"
    FIELDS = "fields"
    TILL = "till"
    RECIPIENTS = "recipients"
    COUNTRIES = "countries"
    RETENTION = "retention"
    CHANNELS = "channels"
    OBJECTION = "objection"
    HOLDER = "holder"


_ABOUT_WORDS_ALONE = frozenset({Material.WORDING})
_LEAVES_CONSENT = frozenset({Material.CHANNELS})
"""A channel that is added has choices of its own; those given for others stand."""
_LEAVES_FIELDS = _LEAVES_CONSENT | {Material.FIELDS}


def material_changes(before: Register | None, after: Register) -> Mapping[str, tuple[Material, ...]]:
    """The purposes of `after` that changed materially since `before`, each with its reasons; all are new without one.

    Reviewers of `after` can say of a purpose that only its words changed and its meaning did not (`editorial`): then
    its wording alone is no reason.
    """
    found = {}
    for code, purpose in after.purposes.items():
        earlier = before.purposes.get(code) if before else None
        reasons = set(_reasons(before, earlier, after, purpose)) if before and earlier else {Material.NEW}
        if reasons <= _ABOUT_WORDS_ALONE and code in _editorial(after):
            continue
        if reasons:
            found[code] = tuple(reason for reason in Material if reason in reasons)
    return found


def outdates_consent(reasons: Sequence[str], *, one_field: bool = False) -> bool:
    """Whether a consent given before has no force any more. One to a single field never covered the others."""
    return not (_LEAVES_FIELDS if one_field else _LEAVES_CONSENT).issuperset(reasons)


def _editorial(register: Register) -> frozenset[str]:
    reviews = (review for review in register.reviews if review.of == register.version)
    return frozenset(code for review in reviews for code in review.editorial)


def _reasons(before: Register, old: Purpose, after: Register, new: Purpose) -> Iterator[Material]:
    if (old.status, new.status) == ("planned", "in_use"):
        yield Material.BEGINS
    if _words_of(before, old, old.fields & new.fields) != _words_of(after, new, old.fields & new.fields):
        yield Material.WORDING
    if old.basis != new.basis:
        yield Material.BASIS
    if new.fields - old.fields:
        yield Material.FIELDS
    if new.at_till - old.at_till:
        yield Material.TILL
    if new.recipient_kinds - old.recipient_kinds:
        yield Material.RECIPIENTS
    if any(_goes_further(before, after, kind) for kind in new.recipient_kinds & old.recipient_kinds):
        yield Material.COUNTRIES
    if _stays_longer(before, old, after, new):
        yield Material.RETENTION
    if set(new.channels) - set(old.channels):
        yield Material.CHANNELS
    if before.is_objectionable(old.code) and not after.is_objectionable(new.code):
        yield Material.OBJECTION
    if before.holder.name != after.holder.name:
        yield Material.HOLDER


def _words_of(register: Register, purpose: Purpose, fields: frozenset[str]) -> list[object]:
    """Everything that is said about the purpose: itself, these fields of it, and the recipients it names."""
    kinds = sorted(purpose.recipient_kinds)
    return [
        (purpose.label, purpose.description, purpose.reason),
        [register.detail(code).label for code in sorted(fields)],
        [(register.recipient_kinds[kind].label, register.recipient_kinds[kind].description) for kind in kinds],
    ]


def _goes_further(before: Register, after: Register, kind: str) -> bool:
    old, new = before.recipient_kinds[kind], after.recipient_kinds[kind]
    return not all(old.names(country) or country in old.countries for country in new.countries)


def _stays_longer(before: Register, old: Purpose, after: Register, new: Purpose) -> bool:
    """Whether it is kept longer, or until some other event; a text that reads otherwise may mean either."""
    earlier, later = before.retention[old.retention], after.retention[new.retention]
    if earlier.days is not None and later.days is not None and earlier.days != later.days:
        return later.days > earlier.days
    return (old.retention, earlier.label) != (new.retention, later.label)

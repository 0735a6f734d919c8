"""The declared parts as the notice lists them beneath its sentences, in one language."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kliento.domain.policy.queries.wording import mechanism_in_words
from kliento.domain.policy.rules import Derived, Field, Purpose, RecipientKind, Register


@dataclass(frozen=True, slots=True)
class Item:
    """One declared thing: what it is called, what it is, and its facts as (label, text)."""

    code: str
    title: str
    note: str
    facts: tuple[tuple[str, str], ...]
    in_use: bool


def _purposes(register: Register, language: str) -> tuple[Item, ...]:
    return tuple(
        Item(
            code=purpose.code,
            title=purpose.label.inn(language),
            note=purpose.description.inn(language),
            facts=_facts_of(purpose, register, language),
            in_use=purpose.status == "in_use",
        )
        for purpose in register.purposes.values()
    )


def _facts_of(purpose: Purpose, register: Register, language: str) -> tuple[tuple[str, str], ...]:
    facts = [
        (_("Legal basis"), legal_basis_of(purpose, register, language)),
        (_("Data"), data_of(purpose, register, language)),
    ]
    if purpose.at_till:
        facts.append((_("May show on a till's screen"), _names(purpose.at_till, register, language)))
    if purpose.channels:
        facts.append(
            (_("Asked for separately"), ", ".join(channels_in_words()[channel] for channel in purpose.channels))
        )
    receivers = [register.recipient_kinds[code].label.inn(language) for code in sorted(purpose.recipient_kinds)]
    facts.append((_("Passed on to"), ", ".join(receivers) or _("Nobody")))
    if purpose.adults_only:
        facts.append((_("Minors"), _("Locked off")))
    facts.append((_("Kept"), register.retention[purpose.retention].label.inn(language)))
    return tuple(facts)


def legal_basis_of(purpose: Purpose, register: Register, language: str) -> str:
    """The legal basis with its place in the law, and the reason where one is asked for.

    For what is of a special category the second place it needs.
    """
    if register.is_explicit(purpose):
        return _("Explicit consent, GDPR Art. 6(1)(a) and 9(2)(a)")
    said = {
        "contract": _("Contract, GDPR Art. 6(1)(b)"),
        "consent": _("Consent, GDPR Art. 6(1)(a)"),
        "legitimate_interest": _("Legitimate interest, GDPR Art. 6(1)(f)"),
        "legal_obligation": _("Legal obligation, GDPR Art. 6(1)(c)"),
    }[purpose.basis]
    special = [code for code in purpose.fields if code in register.fields and register.fields[code].special]
    if special and purpose.basis == "consent":
        names = _names(special, register, language)
        return _("%(basis)s; explicit consent of its own, Art. 9(2)(a): %(fields)s") % {"basis": said, "fields": names}
    return f"{said}: {purpose.reason.inn(language)}" if purpose.reason else said


def channels_in_words() -> dict[str, str]:
    """How a channel is called, in the active language."""
    return {"in_service": _("in the service"), "email": _("e-mail"), "sms": _("text message")}


def data_of(purpose: Purpose, register: Register, language: str) -> str:
    """The fields and facts a purpose may use, by name."""
    whole = purpose.fields == frozenset(register.fields)
    return _("All your data") if whole else _names(purpose.fields, register, language)


def _names(codes: Collection[str], register: Register, language: str) -> str:
    """Fields and derived facts by name, in the order of the declaration."""
    declared: tuple[Field | Derived, ...] = (*register.fields.values(), *register.derived.values())
    return ", ".join(part.label.inn(language) for part in declared if part.code in codes)


def _fields(register: Register, language: str) -> tuple[Item, ...]:
    """One item a group: its fields by name; those not in use yet, mandatory or about health are marked in words.

    One more for the facts that can be shared instead of a value (R-USR-2).
    """
    groups = tuple(
        Item(
            code=group,
            title=label.inn(language),
            note="",
            facts=tuple(
                (field.label.inn(language), _keeping(register, code, language))
                for code, field in register.fields.items()
                if field.group == group
            ),
            in_use=True,
        )
        for group, label in register.groups.items()
    )
    return (*groups, _derived(register, language)) if register.derived else groups


def _derived(register: Register, language: str) -> Item:
    return Item(
        code="derived",
        title=_("Facts instead of values"),
        note=_("You can share one of these instead of the detail it is worked out from."),
        facts=tuple(
            (fact.label.inn(language), _marked(fact.learns.inn(language), fact.status))
            for fact in register.derived.values()
        ),
        in_use=True,
    )


def _marked(said: str, status: str) -> str:
    return said if status == "in_use" else f"{said} · " + _("not in use yet")


def _keeping(register: Register, code: str, language: str) -> str:
    field = register.fields[code]
    said = [", ".join(register.sources[source].label.inn(language) for source in field.sources)]
    said.append(_("mandatory") if field.mandatory else "")
    said.append(_("only with explicit consent") if field.special else "")
    said.append("" if field.status == "in_use" else _("not in use yet"))
    return " · ".join(filter(None, said))


def _sources(register: Register, language: str) -> tuple[Item, ...]:
    return tuple(
        Item(part.code, part.label.inn(language), part.description.inn(language), (), part.status == "in_use")
        for part in register.sources.values()
    )


def _recipient_kinds(register: Register, language: str) -> tuple[Item, ...]:
    return tuple(
        Item(
            kind.code,
            kind.label.inn(language),
            kind.description.inn(language),
            _where(kind),
            kind.status == "in_use",
        )
        for kind in register.recipient_kinds.values()
    )


def _where(kind: RecipientKind) -> tuple[tuple[str, str], ...]:
    """The countries, and what data goes on to those outside the EEA."""
    countries = ", ".join(_("European Economic Area") if c == "EEA" else c for c in kind.countries)
    mechanism = mechanism_in_words(kind.transfer_mechanism)
    return ((_("Where"), countries), *(((_("Transfers rest on"), mechanism),) if mechanism else ()))


def _retention(register: Register, language: str) -> tuple[Item, ...]:
    def used_by(code: str) -> str:
        return ", ".join(p.label.inn(language) for p in register.purposes.values() if p.retention == code)

    return tuple(
        Item(part.code, part.label.inn(language), "", ((_("Purposes"), used_by(part.code)),), in_use=True)
        for part in register.retention.values()
        if used_by(part.code)
    )


def _fees(register: Register, language: str) -> tuple[Item, ...]:
    return tuple(
        Item(part.code, part.label.inn(language), part.description.inn(language), (), part.status == "in_use")
        for part in register.fees.values()
    )


def _objections(register: Register, language: str) -> tuple[Item, ...]:
    def stopped_by(codes: Collection[str]) -> str:
        return ", ".join(register.purposes[code].label.inn(language) for code in codes)

    return tuple(
        Item(
            part.code,
            part.label.inn(language),
            part.description.inn(language),
            ((_("Stops"), stopped_by(part.stops)),),
            in_use=True,
        )
        for part in register.objections.values()
    )


def _rights(register: Register, language: str) -> tuple[Item, ...]:
    return tuple(
        Item(
            part.code,
            part.label.inn(language),
            part.how.inn(language),
            ((_("Law"), _("GDPR Art. %(article)s") % {"article": part.article}),),
            in_use=True,
        )
        for part in register.rights.values()
    )


LISTS: Mapping[str, Callable[[Register, str], tuple[Item, ...]]] = {
    "purposes": _purposes,
    "fields": _fields,
    "sources": _sources,
    "recipient_kinds": _recipient_kinds,
    "retention": _retention,
    "fees": _fees,
    "objections": _objections,
    "rights": _rights,
}
"""The parts of the declaration that can be listed beneath a section, by name: each for a register and a language."""

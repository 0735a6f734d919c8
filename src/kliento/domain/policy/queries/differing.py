"""A difference between two declarations as a sentence, for whoever is to stand for the later one. In English."""

from collections.abc import Callable, Mapping

from kliento.domain.policy.rules import Change, Register

_PARTS: Mapping[str, str] = {
    "contacts": "The contact",
    "purposes": "The purpose",
    "objections": "The objection",
    "groups": "The group of details",
    "fields": "The detail",
    "derived": "The derived fact",
    "sources": "The source",
    "subjects": "The group of people",
    "recipient_kinds": "The recipients",
    "retention": "The retention time",
    "rights": "The right",
    "fees": "The fee",
}
_SINGLE: Mapping[str, str] = {
    "holder": "The register holder",
    "supervisor": "The supervisory authority",
    "terms": "The terms of use",
    "dated": "The declaration",
}
_ASPECTS: Mapping[str, str] = {
    "address": "address",
    "adults_only": "locked off for minors",
    "article": "article",
    "at_till": "details for a till's screen",
    "basis": "legal basis",
    "business_id": "business id",
    "channels": "channels",
    "choices": "choices",
    "city": "city",
    "countries": "countries",
    "country": "country",
    "dated": "date",
    "days": "number of days",
    "description": "description",
    "effective_on": "day of coming into force",
    "email": "e-mail address",
    "fields": "details",
    "group": "group",
    "hint": "hint",
    "how": "way to use it",
    "keeper": "writer",
    "kind": "kind",
    "label": "name",
    "learns": "what the recipient learns",
    "mandatory": "mandatory",
    "max_length": "greatest length",
    "name": "name",
    "of": "detail it is worked out from",
    "parameter": "limit",
    "phone": "phone number",
    "postcode": "postcode",
    "reason": "reason",
    "recipient_kinds": "recipients",
    "register_name": "name of the register",
    "retention": "retention time",
    "role": "subject",
    "sections": "text",
    "sources": "sources",
    "special": "special category",
    "status": "whether it is used",
    "stops": "purposes it stops",
    "street_address": "street address",
    "subjects": "people it is about",
    "transfer_mechanism": "ground of transfers",
    "type": "type",
    "url": "web address",
    "version": "version",
}
_LANGUAGES: Mapping[str, str] = {"fi": "in Finnish", "sv": "in Swedish", "en": "in English"}
_PLAIN: Mapping[str, str] = {
    "in_use": "in use",
    "planned": "only planned",
    "True": "yes",
    "False": "no",
    "None": "nothing",
}


def change_in_words(change: Change, before: Register, after: Register) -> str:
    """One sentence, and behind it the key in the document; codes read as what they name."""
    part, *rest = change.key.split(".")
    aspects = rest[1:] if part in _PARTS else rest
    thing = _SINGLE.get(part) or f"{_PARTS[part]} “{_named(part, rest[0], after) or _named(part, rest[0], before)}”"
    what = ", ".join([thing, *_aspect(aspects)])
    return f"{what}{_said(change, aspects, before, after)} ({change.key})"


def _said(change: Change, aspects: list[str], before: Register, after: Register) -> str:
    name = aspects[0] if aspects else ""
    if change.kind == "added":
        return f": new, “{change.after}”." if aspects else " is new."
    if change.kind == "removed":
        return f": gone, “{change.before}”." if aspects else " is gone."
    if name in _LISTS:
        return _of_lists(change, name, before, after)
    return f": now {_read(change.after, name, after)}, before {_read(change.before, name, before)}."


def _of_lists(change: Change, name: str, before: Register, after: Register) -> str:
    """What came to the list and what left it."""
    old, new = (list(filter(None, each.split(", "))) for each in (change.before, change.after))
    came = ", ".join(_label(name, code, after) for code in new if code not in old)
    left = ", ".join(_label(name, code, before) for code in old if code not in new)
    said = "; ".join(filter(None, (came and f"now with {came}", left and f"no longer with {left}")))
    return f": {said or 'in another order'}."


_LISTS: Mapping[str, Callable[[Register], Mapping[str, object]]] = {
    "fields": lambda register: {**register.fields, **register.derived},
    "at_till": lambda register: {**register.fields, **register.derived},
    "recipient_kinds": lambda register: register.recipient_kinds,
    "sources": lambda register: register.sources,
    "stops": lambda register: register.purposes,
    "subjects": lambda register: register.subjects,
    "channels": lambda register: {},
    "countries": lambda register: {},
}
_SINGLES: Mapping[str, Callable[[Register], Mapping[str, object]]] = {
    "group": lambda register: register.groups,
    "of": lambda register: register.fields,
    "retention": lambda register: register.retention,
}


def _aspect(aspects: list[str]) -> list[str]:
    """The aspect by its name, then what within it: a language, or a choice by its code."""
    first = [{**_ASPECTS, **_LANGUAGES}[each] for each in aspects[:1]]
    return first + [_LANGUAGES.get(each, each) for each in aspects[1:]]


def _named(part: str, code: str, register: Register) -> str:
    known = getattr(register, part).get(code)
    label = getattr(known, "label", None) or getattr(known, "role", None) or known
    return str(getattr(label, "en", "")) if known else ""


def _label(name: str, code: str, register: Register) -> str:
    known = {**_LISTS, **_SINGLES}[name](register).get(code)
    label = getattr(known, "label", known)
    return str(getattr(label, "en", code)) if known else code


def _read(text: str, name: str, register: Register) -> str:
    said = _label(name, text, register) if name in _SINGLES else text
    return _PLAIN.get(text) or (f"“{said}”" if said else "nothing")

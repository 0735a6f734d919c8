"""TOML -> Register. Every mistake is named at once, with file, key and reason; with one, there is no declaration."""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from kliento.domain.policy.rules import parts
from kliento.domain.policy.rules.declaration import Register
from kliento.domain.policy.rules.tables import Codes, Mistake, Table

Part = TypeVar("Part")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_REFERRED_TO = ("subjects", "fields", "derived", "sources", "groups", "retention", "recipient_kinds", "purposes")
_MAY_HOLD_SPECIAL = {"consent", "legal_obligation"}  # GDPR Art. 9(2)(a); what the law itself orders


class PolicyMistakes(Exception):
    """The declaration cannot be used; `mistakes` says everything that is wrong with it."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def read(document: bytes, *, name: str) -> Register:
    """The declaration in `document`. Raises PolicyMistakes; `name` is how the file is called in them."""
    try:
        content = tomllib.loads(document.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyMistakes([Mistake(name, "(document)", f"is not TOML in UTF-8: {error}")]) from error
    mistakes: list[Mistake] = []
    register = _register(Table(content, key="", file=name, mistakes=mistakes))
    if mistakes:
        raise PolicyMistakes(mistakes)
    return register


def _register(top: Table) -> Register:
    codes = {name: _codes(top.content.get(name)) for name in _REFERRED_TO}
    groups = top.table("groups")
    register = Register(
        dated=top.date("dated"),
        version=_version(top.content),
        reviews=tuple(parts.read_review(table) for table in top.listed("reviews")),
        holder=parts.read_holder(top.table("holder")),
        contacts=_each(top, "contacts", parts.read_contact, codes),
        supervisor=parts.read_supervisor(top.table("supervisor")),
        sources=_each(top, "sources", parts.read_source, codes),
        subjects=_each(top, "subjects", parts.read_subjects, codes),
        recipient_kinds=_each(top, "recipient_kinds", parts.read_recipient_kind, codes),
        retention=_each(top, "retention", parts.read_retention, codes),
        fees=_each(top, "fees", parts.read_fee, codes),
        groups=MappingProxyType({code: groups.translated(code) for code in groups.content}),
        fields=_each(top, "fields", parts.read_field, codes),
        derived=_each(top, "derived", parts.read_derived, codes),
        purposes=_each(top, "purposes", parts.read_purpose, codes),
        objections=_each(top, "objections", parts.read_objection, codes),
        rights=_each(top, "rights", parts.read_right, codes),
        terms=parts.read_terms(top.table("terms")),
    )
    top.close()
    if "register" not in register.contacts:
        top.wrong("contacts.register", "is missing: the notice must say where to write")
    _check_special_categories(register, top)
    _check_derived_facts(register, top)
    _check_every_field_has_a_purpose(register, top)
    _check_reviews(register, top)
    _check_marketing(register, top)
    return register


def _version(content: Mapping[str, Any]) -> str:
    """Twelve hex digits over everything but the reviews; comments and layout do not count."""
    material = {key: value for key, value in content.items() if key != "reviews"}
    canonical = json.dumps(material, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _codes(group: object) -> frozenset[str]:
    return frozenset(group) if isinstance(group, dict) else frozenset()


def _each(top: Table, name: str, read_part: Callable[[str, Table, Codes], Part], codes: Codes) -> Mapping[str, Part]:
    found = {}
    for code, table in top.tables(name):
        if not _CODE.fullmatch(code):
            table.wrong("", "a code is small letters, digits and _, at most 40")
        found[code] = read_part(code, table, codes)
        table.close()
    return MappingProxyType(found)


def _check_special_categories(register: Register, top: Table) -> None:
    """A special category rests on explicit consent alone (GDPR Art. 9), apart from what the law orders."""
    special = {code for code, field in register.fields.items() if field.special}
    for code, purpose in register.purposes.items():
        for field in sorted(special & purpose.fields):
            if purpose.basis not in _MAY_HOLD_SPECIAL:
                top.wrong(f"purposes.{code}.fields", f'"{field}" is a special category: the basis must be consent')


def _check_marketing(register: Register, top: Table) -> None:
    """Only what rests on an interest or on consent can be objected to; direct marketing always can (Art. 21(2)), and
    partners get nothing of minors.
    """
    for code, objection in register.objections.items():
        for stopped in objection.stops:
            basis = register.purposes[stopped].basis if stopped in register.purposes else ""
            if basis in ("contract", "legal_obligation"):
                top.wrong(f"objections.{code}.stops", f'"{stopped}" rests on {basis}: no objection stops it')
    for code, purpose in register.purposes.items():
        if "marketing_partner" not in purpose.recipient_kinds:
            continue
        if not register.is_objectionable(code):
            top.wrong(f"purposes.{code}", "is marketing: an objection must stop it (GDPR Art. 21(2))")
        if not purpose.adults_only:
            top.wrong(f"purposes.{code}.adults_only", "is missing: partners get nothing of minors (R-REG-3)")


def _check_derived_facts(register: Register, top: Table) -> None:
    """A fact can be worked out from what it names, and tells nothing that needs a consent of its own (GDPR Art. 9)."""
    for code, derived in register.derived.items():
        field = register.fields.get(derived.of)
        if field is None:
            continue
        if field.type != "date" and derived.kind in ("over_age", "month_of"):
            top.wrong(f"derived.{code}.of", "is worked out from a date")
        if field.special:
            top.wrong(f"derived.{code}.of", "nothing is worked out from a special category")
        if field.keeper != "person":
            top.wrong(f"derived.{code}.of", "is worked out from a value the person keeps")
        if derived.status == "in_use" and field.status == "planned":
            top.wrong(f"derived.{code}.status", f'is in use, but "{field.code}" is only planned')


def _check_every_field_has_a_purpose(register: Register, top: Table) -> None:
    """Data nothing needs may not be kept (GDPR Art. 5(1)(b)). Handing out a copy is no reason to keep it."""
    whole = frozenset(register.fields)
    for code, field in register.fields.items():
        used = [purpose for purpose in register.purposes.values() if code in purpose.fields and purpose.fields != whole]
        if not used:
            top.wrong(f"fields.{code}", "no purpose uses it")
        elif field.status == "in_use" and all(purpose.status == "planned" for purpose in used):
            top.wrong(f"fields.{code}.status", "is in use, but only planned purposes use it")


def _check_reviews(register: Register, top: Table) -> None:
    """What a review calls editorial is there."""
    for place, review in enumerate(register.reviews):
        for code in review.editorial:
            if code not in register.purposes:
                top.wrong(f"reviews[{place}].editorial", f'there is no purpose "{code}"')

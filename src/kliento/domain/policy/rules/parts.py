"""One part of the declaration from its table: a purpose, a field, a source. Each notes the mistakes within itself; what
only the whole document can tell is checked by `reading`."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from kliento.domain.policy.rules.declaration import (
    Basis,
    Contact,
    Derived,
    DerivedKind,
    Fee,
    Field,
    FieldType,
    Holder,
    Keeper,
    Mechanism,
    Objection,
    Purpose,
    RecipientKind,
    Retention,
    Review,
    Right,
    Section,
    Source,
    Special,
    Status,
    Subjects,
    Supervisor,
    Terms,
    Text,
    in_eea,
)
from kliento.domain.policy.rules.tables import Codes, Table

CHANNELS = ("in_service", "email", "sms")
DEFAULT_LENGTHS = {"long_text": 2000, "address": 200, "size": 12, "email": 254, "phone": 32, "number": 12}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NEEDS_REASON = {"legitimate_interest": "which interest", "legal_obligation": "which law"}


def read_holder(table: Table) -> Holder:
    """The table [holder]."""
    holder = Holder(
        name=table.string("name"),
        business_id=table.string("business_id", ""),
        street_address=table.string("street_address"),
        postcode=table.string("postcode"),
        city=table.string("city"),
        country=table.string("country"),
        register_name=table.translated("register_name"),
    )
    if holder.country and not in_eea(holder.country):
        table.wrong("country", "a register holder outside the EEA needs a representative; this is not supported")
    table.close()
    return holder


def read_contact(code: str, table: Table, _codes: Codes) -> Contact:
    """One of [contacts.*]."""
    return Contact(code, role=table.translated("role"), email=_email(table), phone=table.string("phone", ""))


def _email(table: Table) -> str:
    address = table.string("email")
    if address and not _EMAIL.fullmatch(address):
        table.wrong("email", f'"{address}" is not an e-mail address')
    return address


def read_supervisor(table: Table) -> Supervisor:
    """The table [supervisor]."""
    supervisor = Supervisor(
        name=table.translated("name"),
        address=table.translated("address"),
        email=_email(table),
        url=table.string("url"),
    )
    if supervisor.url and not supervisor.url.startswith("https://"):
        table.wrong("url", "must begin with https://")
    table.close()
    return supervisor


def read_review(table: Table) -> Review:
    """One of [[reviews]]."""
    review = Review(
        by=table.string("by"),
        role=table.string("role"),
        on=table.date("on"),
        of=table.string("of"),
        editorial=table.strings("editorial"),
    )
    table.close()
    return review


def read_source(code: str, table: Table, _codes: Codes) -> Source:
    """One of [sources.*]."""
    return Source(
        code,
        label=table.translated("label"),
        description=table.translated("description"),
        status=table.one_of("status", Status),
    )


def read_recipient_kind(code: str, table: Table, _codes: Codes) -> RecipientKind:
    """One of [recipient_kinds.*]; outside the EEA only with a transfer mechanism (R-TRF-1)."""
    kind = RecipientKind(
        code,
        label=table.translated("label"),
        description=table.translated("description"),
        countries=table.strings("countries", required=True),
        transfer_mechanism=table.one_of("transfer_mechanism", Mechanism, ""),
        status=table.one_of("status", Status),
    )
    for country in kind.countries:
        if country != "EEA" and not re.fullmatch("[A-Z]{2}", country):
            table.wrong("countries", f'"{country}" is neither "EEA" nor a country code of two capitals')
        elif country != "EEA" and not in_eea(country) and not kind.transfer_mechanism:
            table.wrong("countries", f"{country} is outside the EEA: a transfer_mechanism is needed (GDPR Art. 44-46)")
    return kind


def read_retention(code: str, table: Table, _codes: Codes) -> Retention:
    """One of [retention.*]."""
    days = table.integer("days", -1)
    if "days" in table.content and days < 1:
        table.wrong("days", "must be at least 1")
    return Retention(code, label=table.translated("label"), days=days if days > 0 else None)


def read_fee(code: str, table: Table, _codes: Codes) -> Fee:
    """One of [fees.*]."""
    return Fee(
        code,
        label=table.translated("label"),
        description=table.translated("description"),
        status=table.one_of("status", Status),
    )


def read_field(code: str, table: Table, codes: Codes) -> Field:
    """One of [fields.*]."""
    kind = table.one_of("type", FieldType)
    length = table.integer("max_length", DEFAULT_LENGTHS.get(kind, 200))
    if not 1 <= length <= 10_000:
        table.wrong("max_length", "must be between 1 and 10000")
    field = Field(
        code,
        label=table.translated("label"),
        hint=table.translated_if_given("hint"),
        group=table.reference("group", codes["groups"], what="group"),
        type=kind,
        choices=_choices(table),
        max_length=length,
        keeper=table.one_of("keeper", Keeper),
        special=table.one_of("special", Special, "") or None,
        mandatory=table.flag("mandatory"),
        sources=table.references("sources", codes["sources"], what="source"),
        status=table.one_of("status", Status),
    )
    if not field.sources:
        table.wrong("sources", "every value comes from somewhere")
    if (kind in ("choice", "choices")) != bool(field.choices):
        table.wrong("choices", "are for the types choice and choices, and needed there")
    if field.mandatory and field.keeper != "account":
        table.wrong("mandatory", "only the sign-in identifier is mandatory (R-REG-2)")
    if field.keeper == "person" and kind == "facts":
        table.wrong("type", "a person keeps values; facts are kept by Kliento")
    return field


def _choices(table: Table) -> Mapping[str, Text]:
    choices: dict[str, Text] = {}
    for choice in table.listed("choices"):
        code = choice.string("code")
        if code in choices:
            choice.wrong("code", f'"{code}" stands there more than once')
        choices[code] = choice.translated("label")
        choice.close()
    return MappingProxyType(choices)


def read_derived(code: str, table: Table, codes: Codes) -> Derived:
    """One of [derived.*]."""
    derived = Derived(
        code,
        label=table.translated("label"),
        of=table.reference("of", codes["fields"], what="field"),
        kind=table.one_of("kind", DerivedKind),
        parameter=table.integer("parameter", 0),
        learns=table.translated("learns"),
        status=table.one_of("status", Status),
    )
    if code in codes["fields"]:
        table.wrong("", "a field has the same code")
    if (derived.kind != "month_of") != (derived.parameter > 0):
        table.wrong("parameter", "years for over_age, characters for postcode_area, nothing for month_of")
    return derived


def read_purpose(code: str, table: Table, codes: Codes) -> Purpose:
    """One of [purposes.*] (R-PUR-1)."""
    declared, asked = codes["fields"], codes["fields"] | codes["derived"]
    fields = frozenset(table.references("fields", asked | {"*"}, what="field"))
    basis = table.one_of("basis", Basis)
    purpose = Purpose(
        code,
        label=table.translated("label"),
        description=table.translated("description"),
        basis=basis,
        reason=table.translated_if_given("reason"),
        fields=declared if "*" in fields else fields,
        at_till=frozenset(table.references("at_till", asked, what="field")),
        recipient_kinds=frozenset(table.references("recipient_kinds", codes["recipient_kinds"], what="recipient kind")),
        retention=table.reference("retention", codes["retention"], what="retention"),
        channels=table.references("channels", CHANNELS, what="channel"),
        adults_only=table.flag("adults_only"),
        subjects=table.references("subjects", codes["subjects"], what="category of data subjects"),
        status=table.one_of("status", Status),
    )
    if not purpose.subjects:
        table.wrong("subjects", "says whose data it is about")
    if not fields:
        table.wrong("fields", "a purpose without fields is none")
    if not purpose.at_till <= purpose.fields:
        table.wrong("at_till", "may only hold fields of this purpose")
    if basis in _NEEDS_REASON and purpose.reason is None:
        table.wrong("reason", f"is missing: {_NEEDS_REASON[basis]}?")
    if basis not in _NEEDS_REASON and purpose.reason is not None:
        table.wrong("reason", "is for legitimate_interest and legal_obligation only")
    return purpose


def read_subjects(code: str, table: Table, _codes: Codes) -> Subjects:
    """One of [subjects.*]."""
    return Subjects(code, label=table.translated("label"), description=table.translated("description"))


def read_objection(code: str, table: Table, codes: Codes) -> Objection:
    """One of [objections.*]; what it stops is declared, and none of it is what the law or the contract asks for."""
    objection = Objection(
        code,
        label=table.translated("label"),
        description=table.translated("description"),
        stops=table.references("stops", codes["purposes"], what="purpose"),
    )
    if not objection.stops:
        table.wrong("stops", "an objection that stops nothing is none")
    return objection


def read_right(code: str, table: Table, _codes: Codes) -> Right:
    """One of [rights.*]."""
    return Right(code, label=table.translated("label"), article=table.string("article"), how=table.translated("how"))


def read_terms(table: Table) -> Terms:
    """The table [terms] (R-TRM-1)."""
    terms = Terms(
        version=table.string("version"),
        effective_on=table.date("effective_on"),
        sections=tuple(_section(section) for section in table.listed("sections")),
    )
    if not terms.sections:
        table.wrong("sections", "is missing")
    table.close()
    return terms


def _section(table: Table) -> Section:
    section = Section(heading=table.translated("heading"), body=table.translated("body"))
    table.close()
    return section

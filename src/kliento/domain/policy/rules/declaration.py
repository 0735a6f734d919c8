"""The shapes of the declaration: what `register.toml` says, frozen and typed. Nothing here reads a file or a clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from kliento.kernel.errors import Invalid

Part = TypeVar("Part")
Status = Literal["in_use", "planned"]
Basis = Literal["contract", "consent", "legitimate_interest", "legal_obligation"]
FieldType = Literal[
    "text", "long_text", "name", "email", "phone", "date", "choice", "choices", "address", "size", "number", "facts"
]
Keeper = Literal["person", "kliento", "account"]
Special = Literal["", "health"]
DerivedKind = Literal["over_age", "month_of", "postcode_area"]
Mechanism = Literal["", "adequacy_decision", "standard_contractual_clauses", "binding_corporate_rules"]

SPECIAL_VISITS = "special_visits"
"""The purpose of visits that tell of health, union or belief by where they were: no field says so (R-VIS-7)."""
# The 27 member states, Iceland, Liechtenstein and Norway (EEA Agreement).
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)


def in_eea(country: str) -> bool:
    """Whether data may go to this country (ISO 3166, capitals) without a transfer mechanism (GDPR Art. 44)."""
    return country in EEA


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in the three languages of the service."""

    fi: str
    sv: str
    en: str

    def inn(self, language: str) -> str:
        """The wording in `language` ("fi", "sv-fi", "en"); English for any other."""
        return {"fi": self.fi, "sv": self.sv}.get(language[:2], self.en)


@dataclass(frozen=True, slots=True)
class Holder:
    """The register holder: the controller (GDPR Art. 13(1)(a))."""

    name: str
    business_id: str
    street_address: str
    postcode: str
    city: str
    country: str
    register_name: Text


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to write about `role`."""

    code: str
    role: Text
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The supervisory authority a person can complain to (GDPR Art. 13(2)(d))."""

    name: Text
    address: Text
    email: str
    url: str


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody read version `of` of the declaration and stands for it. Any later change is unreviewed again.

    `editorial` names the purposes whose changed words, they say, mean what the words before meant.
    """

    by: str
    role: str
    on: date
    of: str
    editorial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """A declared reason to use personal data (R-PUR-1).

    `fields` holds codes of fields and of derived facts, and so does `at_till`. `adults_only`: it is locked off for
    minors, who cannot choose it either (R-REG-3).
    """

    code: str
    label: Text
    description: Text
    basis: Basis
    reason: Text | None
    fields: frozenset[str]
    at_till: frozenset[str]
    recipient_kinds: frozenset[str]
    retention: str
    channels: tuple[str, ...]
    adults_only: bool
    subjects: tuple[str, ...]
    status: Status

    def is_locked(self, *, is_minor: bool) -> bool:
        """Whether it is locked off for this person, whatever they choose."""
        return self.adults_only and is_minor


@dataclass(frozen=True, slots=True)
class Objection:
    """What a person can say no to without a reason (GDPR Art. 21), and the purposes it stops at once.

    Several may stop one purpose: each is then about one kind of use within it (R-DEL-2).
    """

    code: str
    label: Text
    description: Text
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One item of the catalogue (R-DAT-1). `keeper` is who writes it; `special` its special category, if any."""

    code: str
    label: Text
    hint: Text | None
    group: str
    type: FieldType
    choices: Mapping[str, Text]
    max_length: int
    keeper: Keeper
    special: Literal["health"] | None
    mandatory: bool
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact that can be shared instead of the value of `of` (R-USR-2)."""

    code: str
    label: Text
    of: str
    kind: DerivedKind
    parameter: int
    learns: Text
    status: Status


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value can come from (R-SRC-1, GDPR Art. 14(2)(f))."""

    code: str
    label: Text
    description: Text
    status: Status


@dataclass(frozen=True, slots=True)
class Subjects:
    """A category of data subjects (GDPR Art. 30(1)(c))."""

    code: str
    label: Text
    description: Text


@dataclass(frozen=True, slots=True)
class RecipientKind:
    """A category of recipients (GDPR Art. 13(1)(e)) and where they may be ("EEA" or ISO 3166 codes)."""

    code: str
    label: Text
    description: Text
    countries: tuple[str, ...]
    transfer_mechanism: Mechanism
    status: Status

    def names(self, country: str) -> bool:
        """Whether such recipients may be in this country: it is named, or lies in the EEA and that is."""
        return country in self.countries or ("EEA" in self.countries and in_eea(country))


@dataclass(frozen=True, slots=True)
class Retention:
    """How long, in words; `days` where a clock ends it rather than an act."""

    code: str
    label: Text
    days: int | None


@dataclass(frozen=True, slots=True)
class Right:
    """A right of the person, its article in the GDPR, and how to use it here."""

    code: str
    label: Text
    article: str
    how: Text


@dataclass(frozen=True, slots=True)
class Fee:
    """What a request can cost."""

    code: str
    label: Text
    description: Text
    status: Status


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: Text
    body: Text


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of use (R-TRM-1). A person's acceptance names `version`."""

    version: str
    effective_on: date
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """The whole declaration, equal to nothing but itself.

    `version` hashes all but the reviews, so that a review can name what it approves.
    """

    holder: Holder
    contacts: Mapping[str, Contact]
    supervisor: Supervisor
    reviews: tuple[Review, ...]
    purposes: Mapping[str, Purpose]
    objections: Mapping[str, Objection]
    groups: Mapping[str, Text]
    fields: Mapping[str, Field]
    derived: Mapping[str, Derived]
    sources: Mapping[str, Source]
    subjects: Mapping[str, Subjects]
    recipient_kinds: Mapping[str, RecipientKind]
    retention: Mapping[str, Retention]
    rights: Mapping[str, Right]
    fees: Mapping[str, Fee]
    terms: Terms
    dated: date
    version: str

    @property
    def reviewed(self) -> bool:
        """Whether somebody stands for exactly this version; production asks for it."""
        return any(review.of == self.version for review in self.reviews)

    def purpose(self, code: str) -> Purpose:
        """The purpose of that code. Raises Invalid(code="undeclared_purpose")."""
        return _declared(self.purposes, code, what="purpose")

    def is_explicit(self, purpose: Purpose) -> bool:
        """Whether it is about a special category alone, so that consent to it is explicit (GDPR Art. 9(2)(a))."""
        about = [self.fields[code].special if code in self.fields else None for code in purpose.fields]
        return purpose.basis == "consent" and (purpose.code == SPECIAL_VISITS or all(about))

    def objection(self, code: str) -> Objection:
        """The objection of that code. Raises Invalid(code="undeclared_objection")."""
        return _declared(self.objections, code, what="objection")

    def is_objectionable(self, purpose: str) -> bool:
        """Whether anything can be said against this purpose at all."""
        return any(purpose in objection.stops for objection in self.objections.values())

    def is_stopped(self, purpose: str, by: Collection[str], *, use: str = "") -> bool:
        """Whether these objections stop this purpose; `use` is the one that is about the kind of use in question.

        Who does not say which kind of use it is, or names one that is not about this purpose, is stopped by any of
        them: silence is no way round an objection.
        """
        about = {code for code, objection in self.objections.items() if purpose in objection.stops}
        return not ({use} if use in about else about).isdisjoint(by)

    def field(self, code: str) -> Field:
        """The catalogue item of that code. Raises Invalid(code="undeclared_field")."""
        return _declared(self.fields, code, what="field")

    def detail(self, code: str) -> Field | Derived:
        """The field or derived fact of that code: what can be asked for. Raises Invalid(code="undeclared_field")."""
        return self.derived.get(code) or self.field(code)

    def kept_in(self, code: str) -> str:
        """The field whose value answers for `code`: itself, or what a derived fact is worked out from."""
        return self.derived[code].of if code in self.derived else code

    def told_by(self, field: str) -> frozenset[str]:
        """Everything the value of this field can tell: the field itself, and the facts worked out from it."""
        return frozenset({field, *(code for code, derived in self.derived.items() if derived.of == field)})

    def source(self, code: str) -> Source:
        """The source of that code, in use. Raises Invalid(code="undeclared_source"), for a planned one too."""
        source = _declared(self.sources, code, what="source")
        if source.status != "in_use":
            raise Invalid(code="undeclared_source", pointer="source")
        return source


def _declared(parts: Mapping[str, Part], code: str, *, what: str) -> Part:
    try:
        return parts[code]
    except KeyError:
        raise Invalid(code=f"undeclared_{what}", pointer=what) from None

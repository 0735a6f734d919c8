"""What an Activity entry is, and what every kind of entry must say about itself. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, get_args
from uuid import UUID

from kliento.kernel.errors import Invalid

ErasedAs = Literal["shape", "no_subject"]
Outcome = Literal["ok", "no", "wait", "off"]
Variants = Sequence[Mapping[str, object]]
Group = Literal["visits", "looks", "refused", "sharing", "choices", "details", "cards", "account", "log"]
"""What an entry is about, in the few groups a person chooses between; "log" is what stands in nobody's Activity."""
Alert = Literal["", "newly_known", "look_refused", "card_refused"]
"""What is told of an entry as unusual; nothing of most."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be recorded. `payload` holds what must go when the subject is erased; ids and codes, never a value.

    `id` is given only where the act names its entry elsewhere, as a visit does.
    """

    subject_id: UUID | None
    kind: str
    at: datetime
    recipient_id: UUID | None = None
    purpose: str = ""
    basis: str = ""
    fields: tuple[str, ...] = ()
    until: datetime | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    """A recorded entry as its subject may read it. `recipient` is the name; who renders the entry fills it in."""

    seq: int
    id: UUID
    subject_id: UUID | None
    number: int | None
    kind: str
    recipient_id: UUID | None
    purpose: str
    basis: str
    fields: tuple[str, ...]
    at: datetime
    until: datetime | None
    payload: Mapping[str, object]
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Alerting:
    """An entry that is an alert to its person, as what, and its place in the sealed log."""

    index: int
    alert: Alert
    entry: EntryView


@dataclass(frozen=True, slots=True)
class Reading:
    """How an entry reads to the person: a title, one grey line beneath it, and a mark. Strings may be lazy."""

    title: object
    line: object = ""
    outcome: Outcome = "ok"


def quoted(words: object) -> str:
    """What somebody else wrote, within a line: between isolates (U+2068, U+2069), so that a page can tell it apart."""
    plain = str(words).replace("\u2068", "").replace("\u2069", "")
    return f"\u2068{plain}\u2069"


class Kind:
    """One kind of entry. Subclass it in the `events.py` of the package that records it; that alone registers it.

    `code` is what the entry stores. `group` says among what a person finds it. `erasure` says how it is erased: "shape"
    (the row stays without subject, salt and payload) or "no_subject" (it never had one, and its group is "log").
    Nothing is guessed: a kind that leaves out any of these, or how it reads, is refused when it is defined. `releases`
    says that the values of the entry's fields left to its recipient, `opens` that a program of Kliento's own read them.

    `variants` are payloads with which it reads in different words, so that somebody who looks for those finds it.
    """

    code: ClassVar[str]
    group: ClassVar[Group]
    erasure: ClassVar[ErasedAs]
    releases: ClassVar[bool] = False
    opens: ClassVar[bool] = False
    variants: ClassVar[Variants] = ({},)

    def reads(self, entry: EntryView) -> Reading:
        """How this entry reads to the person."""
        raise NotImplementedError

    def alerts(self, entry: EntryView) -> Alert:
        """As what its person is told of it by a message of its own; a kind that never alerts leaves this out."""
        return ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not isinstance(vars(cls).get("code"), str):
            raise TypeError(f"{cls.__name__} does not say its code.")
        if vars(cls).get("erasure") not in {"shape", "no_subject"}:
            raise TypeError(f"{cls.__name__} does not say how it is erased.")
        if vars(cls).get("group") not in get_args(Group):
            raise TypeError(f"{cls.__name__} does not say in which group it is found.")
        if (cls.group == "log") != (cls.erasure == "no_subject"):
            raise TypeError(f"{cls.__name__} is found in a group that is not its own.")
        if cls.reads is Kind.reads:
            raise TypeError(f"{cls.__name__} does not say how it reads.")
        known = _kinds.get(cls.code)
        if known is not None and type(known).__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.__name__} and {type(known).__name__} share the code {cls.code}.")
        _kinds[cls.code] = cls()


class OneLine:
    """Beside `Kind`, for one that always reads the same: `class Paused(OneLine, Kind)` with its `line`.

    The title is the recipient's name; `title` where there is none. A kind that leaves out its line is refused when it
    is defined.
    """

    title: ClassVar[object] = ""
    line: ClassVar[object]
    outcome: ClassVar[Outcome] = "ok"

    def reads(self, entry: EntryView) -> Reading:
        """The same for every entry; the page adds fields, purpose and basis."""
        return Reading(title=entry.recipient or self.title, line=self.line, outcome=self.outcome)

    def __init_subclass__(cls) -> None:
        if "line" not in vars(cls):
            raise TypeError(f"{cls.__name__} does not say its line.")
        super().__init_subclass__()


_kinds: dict[str, Kind] = {}


def declared_kinds() -> Mapping[str, Kind]:
    """Every kind defined so far, by code."""
    return _kinds


def check_entry(entry: NewEntry) -> None:
    """Refuse what could not be shown or erased later. Raises Invalid."""
    kind = _kinds.get(entry.kind)
    if kind is None:
        raise Invalid(code="unknown_kind", pointer=entry.kind)
    if (entry.subject_id is None) != (kind.erasure == "no_subject"):
        raise Invalid(code="wrong_subject", pointer=entry.kind)


def numbered(entries: list[NewEntry], last: Mapping[UUID, int]) -> list[int | None]:
    """The number of each entry within its subject, ending at `last`, the number of the subject's last entry."""
    left: dict[UUID, int] = {}
    for entry in entries:
        if entry.subject_id is not None:
            left[entry.subject_id] = left.get(entry.subject_id, 0) + 1
    numbers: list[int | None] = []
    for entry in entries:
        if entry.subject_id is None:
            numbers.append(None)
        else:
            left[entry.subject_id] -= 1
            numbers.append(last[entry.subject_id] - left[entry.subject_id])
    return numbers

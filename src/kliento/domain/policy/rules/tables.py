"""One table of the document, read key by key. Reading never stops at a mistake: it notes it and goes on, so that one
run of `policy check` shows them all. A stand-in value is returned only to reach the next mistake; with any mistake
noted, `reading.read` raises and nothing of the result is used."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, get_args

from kliento.domain.policy.rules.declaration import Text

Wanted = TypeVar("Wanted", str, int, bool, date)
Codes = Mapping[str, frozenset[str]]  # the codes declared under each heading, for references
LANGUAGES = ("fi", "sv", "en")
_TOML_NAMES = {
    str: "a string",
    int: "a whole number",
    bool: "true or false",
    date: "a date",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where a declaration is wrong, and why."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


class Table:
    """A view of one TOML table under the dotted path `key`. Call `close()` last: it names the keys nobody asked for."""

    def __init__(self, content: Mapping[str, Any], *, key: str, file: str, mistakes: list[Mistake]) -> None:
        self.content = content
        self.key = key
        self._file = file
        self._mistakes = mistakes
        self._asked: set[str] = set()

    def wrong(self, name: str, reason: str) -> None:
        """Note a mistake at `name` of this table ("" for the table itself)."""
        self._mistakes.append(Mistake(self._file, ".".join(filter(None, (self.key, name))) or "(document)", reason))

    def close(self) -> None:
        """Name every key that has no meaning here."""
        for name in self.content:
            if name not in self._asked:
                self.wrong(name, "unknown key")

    def string(self, name: str, default: str | None = None) -> str:
        """A string that is not blank; required unless there is a default."""
        value = self._value(name, str, default)
        if self.content.get(name) == "":
            self.wrong(name, "is empty")
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number; required unless there is a default."""
        return self._value(name, int, default)

    def flag(self, name: str) -> bool:
        """True or false; false when it is left out."""
        return self._value(name, bool, _STAND_IN[bool])

    def date(self, name: str) -> date:
        """A date without a time; required."""
        return self._value(name, date, None)

    def one_of(self, name: str, allowed: Any, default: str | None = None) -> Any:
        """A string out of the Literal type `allowed`."""
        value = self._value(name, str, default)
        choices = get_args(allowed)
        if value not in choices and name in self.content:
            self.wrong(name, f'"{value}" is not one of {", ".join(filter(None, choices))}')
        return value

    def translated(self, name: str) -> Text:
        """A text in every language; a language that is missing or blank is a mistake of its own."""
        if type(self.content.get(name)) is not dict:
            self._raw(name, dict)  # one mistake, not one for each language
            return Text("", "", "")
        table = self.table(name)
        said = {language: table.string(language) for language in LANGUAGES}
        table.close()
        return Text(**said)

    def translated_if_given(self, name: str) -> Text | None:
        """A text in every language, or None when it is left out altogether."""
        self._asked.add(name)
        return self.translated(name) if name in self.content else None

    def strings(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of strings without repetitions; empty when it is left out."""
        self._asked.add(name)
        if name not in self.content and not required:
            return ()
        items = self._list(name)
        good = tuple(item for item in items if isinstance(item, str))
        if len(good) != len(items):
            self.wrong(name, "must hold strings only")
        for item in sorted({item for item in good if good.count(item) > 1}):
            self.wrong(name, f'"{item}" stands there more than once')
        if required and not items:
            self.wrong(name, "is empty")
        return good

    def references(self, name: str, among: Collection[str], *, what: str) -> tuple[str, ...]:
        """A list of codes, each of which is declared elsewhere in the document."""
        codes = self.strings(name)
        for code in codes:
            if code not in among:
                self.wrong(name, f'"{code}" is not a declared {what}')
        return codes

    def reference(self, name: str, among: Collection[str], *, what: str) -> str:
        """One code that is declared elsewhere in the document."""
        code = self.string(name)
        if code and code not in among:
            self.wrong(name, f'"{code}" is not a declared {what}')
        return code

    def table(self, name: str) -> "Table":
        """The table of that name; an empty one, with the mistake noted, when it is missing or something else."""
        content = self._raw(name, dict)
        return self.under(name, content if isinstance(content, dict) else {})

    def tables(self, name: str, *, required: bool = True) -> Iterator[tuple[str, "Table"]]:
        """Each table under `name` with its code, in the order of the document."""
        self._asked.add(name)
        if name not in self.content and not required:
            return
        group = self.table(name)
        if required and not group.content:
            group.wrong("", "declares nothing")
        for code, content in group.content.items():
            if isinstance(content, dict):
                yield code, group.under(code, content)
            else:
                group.wrong(code, "must be a table")

    def listed(self, name: str) -> Iterator["Table"]:
        """Each table of an array of tables, named by its place; nothing when the array is left out."""
        self._asked.add(name)
        if name not in self.content:
            return
        for place, content in enumerate(self._list(name)):
            if isinstance(content, dict):
                yield self.under(f"{name}[{place}]", content)
            else:
                self.wrong(f"{name}[{place}]", "must be a table")

    def under(self, name: str, content: Mapping[str, Any]) -> "Table":
        """The table `content` that stands at `name` of this one."""
        return Table(content, key=".".join(filter(None, (self.key, name))), file=self._file, mistakes=self._mistakes)

    def _list(self, name: str) -> list[Any]:
        items = self._raw(name, list)
        return items if isinstance(items, list) else []

    def _value(self, name: str, wanted: type[Wanted], default: Wanted | None) -> Wanted:
        if name not in self.content and default is not None:
            self._asked.add(name)
            return default
        value = self._raw(name, wanted)
        return value if type(value) is wanted else _STAND_IN[wanted]

    def _raw(self, name: str, wanted: type) -> Any:
        self._asked.add(name)
        if name not in self.content:
            self.wrong(name, "is missing")
            return None
        value = self.content[name]
        if type(value) is not wanted:  # exact: TOML's true is no number, a date-time is no date
            self.wrong(name, f"must be {_TOML_NAMES[wanted]}")
            return None
        return value


_STAND_IN: dict[Any, Any] = {str: "", int: 0, bool: False, date: date.min}

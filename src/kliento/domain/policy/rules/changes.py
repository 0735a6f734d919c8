"""What has changed between two declarations, part by part, so that somebody can read it before it is put to use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

from kliento.domain.policy.rules.declaration import Register

_OUT_OF_VIEW = {"version", "reviews"}


@dataclass(frozen=True, slots=True)
class Change:
    """`key` is dotted as in the document; `before` and `after` are shown in short, "" where there is nothing."""

    kind: Literal["added", "removed", "changed"]
    key: str
    before: str
    after: str


def changes_between(before: Register, after: Register) -> list[Change]:
    """Every difference but reviews, in the order of the declaration."""
    return [
        change
        for field in fields(Register)
        if field.name not in _OUT_OF_VIEW
        for change in _differences(field.name, getattr(before, field.name), getattr(after, field.name))
    ]


def _differences(key: str, before: object, after: object) -> Iterator[Change]:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        yield Change("changed", key, _short(before), _short(after))
        return
    for name in [*old, *(name for name in new if name not in old)]:
        place = f"{key}.{name}"
        if name not in new:
            yield Change("removed", place, _short(old[name]), "")
        elif name not in old:
            yield Change("added", place, "", _short(new[name]))
        else:
            yield from _differences(place, old[name], new[name])


def _parts(part: object) -> Mapping[str, object] | None:
    if isinstance(part, Mapping):
        return part
    if is_dataclass(part) and not isinstance(part, type):
        return {field.name: getattr(part, field.name) for field in fields(part)}
    return None


def _short(part: object) -> str:
    if isinstance(part, frozenset):
        return ", ".join(sorted(part))
    if isinstance(part, tuple):
        return ", ".join(_short(item) for item in part)
    inner = _parts(part)
    if inner is None:
        return str(part)
    label = inner.get("label", inner)
    return _short(label.en if hasattr(label, "en") else inner.get("en", "…"))

"""Is every column of every table classified, and is every declaration used (R-PUR-4)?"""

from collections.abc import Collection, Mapping

from kliento.domain.policy.rules.declaration import Register

CLASSES = frozenset({"operational", "index", "sealed"})
_DECLARED = "declared:"


def classification_mistakes(
    tables: Mapping[str, Collection[str]],
    classes: Mapping[str, Mapping[str, str]],
    register: Register,
) -> list[str]:
    """One line for each column that is not classified, classified wrongly, or classified and not there; sorted.

    `tables` is what stands in the databases, `classes` what is said about it. A column is `operational` (it runs the
    service), `index` (a keyed hash to find by), `sealed` (ciphertext), or `declared:<field>` (personal data in clear,
    under that field of the declaration).
    """
    mistakes = []
    for table, columns in tables.items():
        said = classes.get(table, {})
        mistakes += [f"{table}.{column}: not classified" for column in columns if column not in said]
    for table, said in classes.items():
        there = tables.get(table, ())
        for column, name in said.items():
            if column not in there:
                mistakes.append(f"{table}.{column}: classified, but there is no such column")
            elif reason := _wrong_class(name, register):
                mistakes.append(f"{table}.{column}: {reason}")
    return sorted(mistakes)


def unused_declarations(
    register: Register, *, classes: Mapping[str, Mapping[str, str]], named_in_code: Collection[str]
) -> list[str]:
    """One line for each declaration in use that nothing uses; sorted. `planned` is the honest word for those.

    A field is used when a purpose in use allows it and something keeps it: the person's own page keeps every field
    of the person, a column or a name in the code keeps the others. Everything else is used when the code names it.
    """
    purposes = [purpose for purpose in register.purposes.values() if purpose.status == "in_use"]
    allowed = frozenset[str]().union(*(purpose.fields for purpose in purposes))
    in_columns = {name.removeprefix(_DECLARED) for said in classes.values() for name in said.values()}
    unused = [f"purposes.{each.code}: no code names it" for each in purposes if each.code not in named_in_code]
    for field in register.fields.values():
        if field.status != "in_use":
            continue
        if field.code not in allowed:
            unused.append(f"fields.{field.code}: no purpose in use allows it")
        elif field.keeper != "person" and field.code not in in_columns and field.code not in named_in_code:
            unused.append(f"fields.{field.code}: no column holds it and no code names it")
    for source in register.sources.values():
        if source.status == "in_use" and source.code not in named_in_code:
            unused.append(f"sources.{source.code}: no code names it")
    for kind in register.recipient_kinds.values():
        if kind.status == "in_use" and not any(kind.code in purpose.recipient_kinds for purpose in purposes):
            unused.append(f"recipient_kinds.{kind.code}: no purpose in use names it")
    for derived in register.derived.values():
        if derived.status == "in_use" and derived.code not in allowed:
            unused.append(f"derived.{derived.code}: no purpose in use allows it")
    kept = {purpose.retention for purpose in register.purposes.values()}
    unused += [f"retention.{code}: no purpose names it" for code in register.retention if code not in kept]
    return sorted(unused)


def _wrong_class(name: str, register: Register) -> str:
    if name in CLASSES:
        return ""
    if not name.startswith(_DECLARED):
        return f"{name!r} is no class"
    field = register.fields.get(name.removeprefix(_DECLARED))
    if field is None:
        return f"{name!r} names no declared field"
    return "" if field.status == "in_use" else f"{name!r} names a field that is only planned"

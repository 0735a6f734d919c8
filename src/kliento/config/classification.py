"""Collects what R-PUR-4 is judged by: the tables that stand, what is said about them, what the code names.

Our own models say it themselves (`columns`); tables of packages we install stand in `domain/policy/columns.toml`.
The judgement is `policy.rules.classification`.
"""

import ast
import tomllib
from pathlib import Path

from django.apps import apps
from django.db import connections, models

_PACKAGE = Path(__file__).resolve().parents[1]
_OTHERS = _PACKAGE / "domain" / "policy" / "columns.toml"


def standing_tables() -> dict[str, set[str]]:
    """Every table of every database and its columns: by the models, and by asking the databases themselves."""
    tables: dict[str, set[str]] = {}
    for model in _models():
        tables.setdefault(model._meta.db_table, set()).update(_columns_of(model).values())
    for connection in connections.all():
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                columns = connection.introspection.get_table_description(cursor, table)
                tables.setdefault(table, set()).update(column.name for column in columns)
    return tables


def said_classes() -> dict[str, dict[str, str]]:
    """Table -> column -> class, as the models and `columns.toml` say. Unknown names stay, to be reported."""
    said: dict[str, dict[str, str]] = tomllib.loads(_OTHERS.read_text(encoding="utf-8"))
    for model in _models():
        declared: dict[str, str] = model.__dict__.get("columns", {})
        if declared:
            column_of = _columns_of(model)
            said[model._meta.db_table] = {column_of.get(name, name): each for name, each in declared.items()}
    return said


def names_in_code() -> set[str]:
    """Every text that stands as a constant in our code, the declaration's own package left out."""
    names: set[str] = set()
    for source in _PACKAGE.rglob("*.py"):
        if source.is_relative_to(_PACKAGE / "domain" / "policy"):
            continue
        tree = ast.parse(source.read_text(encoding="utf-8"))
        names.update(
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    return names


def _columns_of(model: type[models.Model]) -> dict[str, str]:
    return {field.name: str(field.column) for field in model._meta.local_concrete_fields}


def _models() -> list[type[models.Model]]:
    """All that make tables, the links Django makes by itself included."""
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]

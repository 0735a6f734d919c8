"""Nobody is forgotten by forgetting: what refers to a person can be described to them and erased."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

DOMAIN = Path(__file__).resolve().parents[2] / "src" / "kliento" / "domain"

# How a column refers to a person: by itself, as the subject of a fact, as the owner of sealed values.
REFERENCES = {"person", "person_id", "subject_id", "owner_id", "account", "account_id"}
# Tables without a way to or from a person although a column is named like one, each with the reason.
EXEMPT = {
    "vault.DataKey": "destroying it is the erasure (vault.actions.destroy)",
    "vault.Owner": "destroyed together with the data key",
    "vault.Value": "exported by the gate, the one place that opens it; destroyed together with the data key",
}


def referring() -> list[type[models.Model]]:
    """Our models with a reference to a person."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("kliento.domain.")
        and model._meta.label not in EXEMPT
        and {field.name for field in model._meta.local_fields} & REFERENCES
    ]


def functions_of(package: str, room: str) -> set[str]:
    """The public functions a room offers, a room that became a folder included."""
    file, folder = DOMAIN / package / f"{room}.py", DOMAIN / package / room
    sources = [file] if file.exists() else sorted(folder.glob("*.py"))
    return {
        node.name
        for source in sources
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


def packages() -> list[str]:
    return sorted({model._meta.app_label for model in referring()})


def test_there_are_such_packages() -> None:
    assert {"people", "activity", "sharing", "cards"} <= set(packages())


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_every_model_of_ours_classifies_its_columns(model: type[models.Model]) -> None:
    if model.__module__.startswith("kliento."):
        assert set(model.columns) == {field.name for field in model._meta.local_concrete_fields}  # type: ignore[attr-defined]


def test_every_package_that_refers_to_people_can_describe_and_erase() -> None:
    lacking = {
        package
        for package in packages()
        if "describe_person" not in functions_of(package, "queries")
        or "erase_person" not in functions_of(package, "actions")
    }

    assert lacking == set()


def test_export_and_erasure_ask_every_such_package() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted((DOMAIN / "rights").rglob("*.py")))
    named = {
        alias.name if node.module == "kliento.domain" else (node.module or "").split(".")[2]
        for node in ast.walk(ast.parse(sources))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kliento.domain")
        for alias in node.names
    }

    assert set(packages()) - named - {"rights"} == set()

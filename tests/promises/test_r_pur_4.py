"""R-PUR-4: every column of every table is classified, and every declaration in use is used by something."""

from dataclasses import replace

import pytest
from django.db import connections

from kliento.config.classification import names_in_code, said_classes, standing_tables
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules.classification import classification_mistakes, unused_declarations
from tests.databases import Databases


def mistakes() -> list[str]:
    return classification_mistakes(standing_tables(), said_classes(), register())


def test_every_column_of_both_databases_is_classified(db: Databases) -> None:
    assert mistakes() == []


def test_tables_of_installed_packages_and_of_the_keys_database_are_looked_at(db: Databases) -> None:
    assert {"auth_group", "django_migrations", "vault_data_key"} <= standing_tables().keys()


@pytest.mark.parametrize("alias", ["default", "keys"])
def test_a_table_no_model_knows_is_found_in_the_database(alias: str, db: Databases) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE imported_leads (email varchar(200))")

    assert mistakes() == ["imported_leads.email: not classified"]


def test_a_column_added_to_a_known_table_is_found(db: Databases) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE auth_group ADD COLUMN spelling varchar(200)")

    assert mistakes() == ["auth_group.spelling: not classified"]


def test_a_column_can_only_hold_a_field_that_is_declared_and_in_use(db: Databases) -> None:
    tables, classes = standing_tables(), said_classes()
    columns = classes["people_person"]
    planned = next(field.code for field in register().fields.values() if field.status == "planned")

    for wrong in ("declared:shoe_colour", f"declared:{planned}", "harmless"):
        classes["people_person"] = columns | {"is_minor": wrong}
        assert len(classification_mistakes(tables, classes, register())) == 1


def test_a_classification_of_what_is_no_longer_there_is_named(db: Databases) -> None:
    classes = said_classes() | {"old_table": {"name": "operational"}}

    assert classification_mistakes(standing_tables(), classes, register()) == [
        "old_table.name: classified, but there is no such column"
    ]


def test_every_declaration_in_use_is_used_by_something() -> None:
    assert unused_declarations(register(), classes=said_classes(), named_in_code=names_in_code()) == []


def test_a_purpose_field_or_source_nothing_uses_is_named() -> None:
    declared = register()
    purposes = {**declared.purposes, "astrology": replace(declared.purpose("serving"), code="astrology")}
    fields = {**declared.fields, "star_sign": replace(declared.field("visits"), code="star_sign")}
    sources = {**declared.sources, "stars": replace(declared.source("person"), code="stars")}

    unused = unused_declarations(
        replace(declared, purposes=purposes, fields=fields, sources=sources),
        classes=said_classes(),
        named_in_code=names_in_code(),
    )

    assert [line.split(":")[0] for line in unused] == ["fields.star_sign", "purposes.astrology", "sources.stars"]


def test_what_is_marked_planned_may_wait() -> None:
    declared = register()
    planned = replace(declared.purpose("serving"), code="astrology", status="planned")

    unused = unused_declarations(
        replace(declared, purposes={**declared.purposes, "astrology": planned}),
        classes=said_classes(),
        named_in_code=names_in_code(),
    )

    assert unused == []

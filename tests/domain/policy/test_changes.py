"""What differs between two declarations."""

from kliento.domain.policy.rules import Change, changes_between, read
from tests.domain.policy.declarations import changed, default_register


def test_the_same_declaration_differs_in_nothing() -> None:
    assert changes_between(default_register(), default_register()) == []


def test_each_change_is_named_by_its_place() -> None:
    after = read(changed('fields = ["visits", "postcode", "birth_date"]', 'fields = ["visits"]'), name="after.toml")
    assert changes_between(default_register(), after) == [
        Change("changed", "purposes.planning.fields", "birth_date, postcode, visits", "visits")
    ]


def test_a_part_that_is_new_or_gone_is_named_by_its_label() -> None:
    press = '[contacts.press]\nrole = { fi = "Lehdistö", sv = "Press", en = "Press" }\nemail = "press@kliento.net"\n\n'
    document = changed("[contacts.register]", press + "[contacts.register]")
    after = read(document, name="after.toml")
    assert [(change.kind, change.key) for change in changes_between(default_register(), after)] == [
        ("added", "contacts.press")
    ]
    assert [change.kind for change in changes_between(after, default_register())] == ["removed"]

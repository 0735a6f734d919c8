"""Differences between two declarations, as somebody reads them before putting one into force."""

from dataclasses import fields, is_dataclass

import pytest

from kliento.domain.policy.queries import change_in_words
from kliento.domain.policy.rules import Change, changes_between, read
from tests.domain.policy.declarations import changed, default_register

EDITS = [
    (
        'fields = ["visits", "postcode", "birth_date"]',
        'fields = ["visits", "gender"]',
        "The purpose “Planning and developing the business”, details: now with Gender;"
        " no longer with Birth date, Postcode. (purposes.planning.fields)",
    ),
    ("days = 400", "days = 200", ", number of days: now “200”, before “400”. (retention.usage_counts.days)"),
    (
        'retention = "usage_counts"',
        'retention = "messages"',
        "The purpose “Improving the service”, retention time: now “Until you delete the message, two years at most.”,",
    ),
    (
        'sv = "Kontaktuppgifter"',
        'sv = "Kontakt"',
        "The group of details “Contact details”, in Swedish: now “Kontakt”, before “Kontaktuppgifter”.",
    ),
]


def said_of(document: bytes) -> list[str]:
    before, after = default_register(), read(document, name="after.toml")
    return [change_in_words(change, before, after) for change in changes_between(before, after)]


@pytest.mark.parametrize(("former", "latter", "said"), EDITS)
def test_a_change_reads_as_a_sentence_that_names_things_as_people_know_them(
    former: str, latter: str, said: str
) -> None:
    [sentence] = said_of(changed(former, latter))
    assert said in sentence


def test_what_is_new_and_what_is_gone_is_named() -> None:
    press = '[contacts.press]\nrole = { fi = "Lehdistö", sv = "Press", en = "Press" }\nemail = "press@kliento.net"\n\n'
    before, after = (
        default_register(),
        read(changed("[contacts.register]", press + "[contacts.register]"), name="a.toml"),
    )
    [came], [went] = changes_between(before, after), changes_between(after, before)
    assert change_in_words(came, before, after) == "The contact “Press” is new. (contacts.press)"
    assert change_in_words(went, after, before) == "The contact “Press” is gone. (contacts.press)"


def test_there_are_words_for_everything_that_can_differ() -> None:
    declared, tried = default_register(), 0
    for part in fields(declared):
        held = getattr(declared, part.name)
        code, one = next(iter(held.items())) if hasattr(held, "items") else ("", held)
        if part.name == "reviews" or not is_dataclass(one):
            continue
        for aspect in fields(one):
            key = ".".join(filter(None, (part.name, code, aspect.name)))
            if aspect.name != "code":
                said = change_in_words(Change("changed", key, "", "new"), declared, declared)
                assert "new" in said.removesuffix(f"({key})")
                tried += 1
    assert tried > 60

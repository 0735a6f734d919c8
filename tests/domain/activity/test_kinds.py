"""Kinds say how they read and how they are erased; the base class refuses to guess."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kliento.domain.activity.rules import EntryView, Kind, NewEntry, OneLine, Reading, numbered
from kliento.kernel.ids import new_id


def reads(self: Kind, entry: EntryView) -> Reading:
    return Reading("Something happened")


WHOLE = {"code": "test_kind", "group": "visits", "erasure": "shape", "reads": reads}


@pytest.mark.parametrize("missing", WHOLE)
def test_a_kind_that_leaves_something_out_is_refused_when_it_is_defined(missing):
    with pytest.raises(TypeError, match="does not say"):
        type("Halfway", (Kind,), {name: value for name, value in WHOLE.items() if name != missing})


def test_a_kind_cannot_be_erased_in_a_way_nobody_knows():
    with pytest.raises(TypeError, match="erased"):
        type("Odd", (Kind,), WHOLE | {"erasure": "somehow"})


@pytest.mark.parametrize("group", ["somewhere", "log"])
def test_a_kind_is_found_in_a_group_there_is_and_only_the_logs_own_entries_in_that_of_the_log(group):
    with pytest.raises(TypeError, match="group"):
        type("Astray", (Kind,), WHOLE | {"group": group})
    with pytest.raises(TypeError, match="group"):
        type("Nobodys", (Kind,), WHOLE | {"erasure": "no_subject"})


def test_a_kind_of_one_line_says_it_and_reads_so_under_its_recipient_or_its_title():
    said = {
        "code": "one_line",
        "group": "sharing",
        "erasure": "shape",
        "line": "Paused",
        "title": "You",
        "outcome": "off",
    }
    for missing in ("code", "group", "erasure", "line"):
        with pytest.raises(TypeError, match="does not say"):
            type("Halfway", (OneLine, Kind), {name: value for name, value in said.items() if name != missing})
    kind = type("Whole", (OneLine, Kind), said)()
    entry = EntryView(
        1, new_id(), None, None, "one_line", None, "", "", (), datetime(2026, 11, 22, tzinfo=UTC), None, {}
    )
    assert kind.reads(entry) == Reading("You", "Paused", "off")
    assert kind.reads(replace(entry, recipient="Kahvila Kaisa")) == Reading("Kahvila Kaisa", "Paused", "off")


def test_two_kinds_cannot_share_a_code():
    type("First", (Kind,), WHOLE | {"code": "shared_code"})
    with pytest.raises(TypeError, match="shared_code"):
        type("Second", (Kind,), WHOLE | {"code": "shared_code"})


def test_numbers_end_at_the_subjects_last_one():
    aino, eino, at = new_id(), new_id(), datetime(2026, 11, 22, tzinfo=UTC)
    entries = [NewEntry(subject, "k", at) for subject in (aino, eino, None, aino)]
    assert numbered(entries, {aino: 9, eino: 1}) == [8, 1, None, 9]

"""The rule, asked for every combination of facts there is."""

from math import prod
from pathlib import Path

import pytest

from kliento.domain.gate.rules import Facts, Reason, RecipientKind, Standing, State, decide, judge, table

FAVOURABLE = {"lawful": True, "allowed": True, "chosen": True, "present": True, "objected": False, "hidden": False}
OTHERS = set(RecipientKind) - {RecipientKind.SELF, RecipientKind.DELIVERY}


@pytest.fixture(scope="module")
def released() -> list[Facts]:
    """Every combination of facts with which something leaves."""
    return [facts for facts in table.whole_space() if judge(facts) is Reason.RELEASED]


def test_the_decision_table_is_the_one_in_the_docs():
    written = Path(__file__).parents[3] / "docs" / "decision-table.md"
    assert written.read_text(encoding="utf-8") == table.render(), "Run: kliento decision-table"


def test_the_lines_of_the_table_cover_every_combination_once():
    _heading, *lines = [line for line in table.render().splitlines() if line.endswith(" |")]
    assert sum(int(line.split("|")[-2]) for line in lines) == prod(map(len, table.SPACE.values()))


def test_every_reason_is_the_answer_to_something():
    assert set(map(judge, table.whole_space())) == set(Reason) - {Reason.UNDECLARED_QUESTION}


def test_nothing_leaves_that_is_not_declared_in_use_and_lawful(released):
    assert all(
        facts.purpose is Standing.IN_USE and facts.field is Standing.IN_USE and facts.lawful and facts.allowed
        for facts in released
    )


def test_nothing_leaves_that_was_not_chosen_or_is_not_there(released):
    assert all(facts.chosen and facts.present for facts in released)


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_nobody_else_gets_what_is_hidden_objected_to_or_restricted(kind, released):
    to_others = [facts for facts in released if facts.recipient is kind]
    assert to_others
    assert not any(facts.hidden or facts.objected or facts.state is not State.ACTIVE for facts in to_others)


def test_restriction_and_hiding_yield_to_the_persons_own_reading(released):
    own = {(facts.state, facts.hidden) for facts in released if facts.recipient is RecipientKind.SELF}
    assert own == {(state, hidden) for state in (State.ACTIVE, State.RESTRICTED) for hidden in (False, True)}


def test_less_in_favour_or_more_against_never_releases_what_was_withheld(released):
    """Said of what leaves: it leaves with one thing more in favour, or one less against, too."""
    assert released
    for facts in released:
        for name, value in FAVOURABLE.items():
            assert judge(facts._replace(**{name: value})) is Reason.RELEASED, (facts, name)


def test_an_undeclared_field_spoils_the_whole_question(released):
    good = released[0]
    decision = decide({"first_name": good, "shoe_colour": good._replace(field=Standing.UNDECLARED)})
    assert decision.released == ()
    assert decision.withheld == {
        "first_name": Reason.UNDECLARED_QUESTION,
        "shoe_colour": Reason.UNDECLARED_FIELD,
    }


def test_each_field_is_judged_by_itself(released):
    good = next(facts for facts in released if facts.recipient is RecipientKind.THIRD_PARTY)
    decision = decide({"first_name": good, "phone": good._replace(hidden=True), "email": good._replace(chosen=False)})
    assert decision.released == ("first_name",)
    assert decision.withheld == {"phone": Reason.HIDDEN, "email": Reason.NOT_CHOSEN}

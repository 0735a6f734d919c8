"""What may be asked, what an answer comes to, and what stands for what the person saw."""

from dataclasses import replace

import pytest

from kliento.domain.policy.queries import register
from kliento.domain.questions.rules import QuestionView, answer_of, may_ask, obstacle_to_question, special_fields
from kliento.kernel.ids import new_id
from tests.world import NOON

USUAL = ("identification", "serving", "programme")
PHONE = QuestionView(
    id=new_id(),
    third_party_id=new_id(),
    purpose="serving",
    reason="So that we can call when your order is ready.",
    needed=("phone",),
    optional=("first_name", "allergies"),
    grant_days=90,
    made_at=NOON,
)


def obstacle(**changes: object) -> str | None:
    found = obstacle_to_question(replace(PHONE, **changes), purposes=USUAL, register=register())
    return found and found.code


def test_a_declared_question_may_be_made() -> None:
    assert obstacle() is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purpose": "guessing"}, "purpose_not_in_use"),
        ({"purpose": "partner_marketing"}, "purpose_not_in_use"),
        ({"purpose": "identification"}, "purpose_not_shareable"),
        ({"purpose": "special_storage"}, "purpose_not_theirs"),
        ({"reason": ""}, "reason_missing"),
        ({"reason": "x" * 301}, "reason_too_long"),
        ({"reason": "For 131052-308T."}, "identity_code"),
        ({"reason": "Free \u202e eerf"}, "control_characters"),
        ({"grant_days": 0}, "grant_days_out_of_range"),
        ({"grant_days": 4000}, "grant_days_out_of_range"),
        ({"needed": (), "optional": ()}, "no_fields"),
        ({"optional": ("phone",)}, "field_twice"),
        ({"needed": ("shoe_colour",)}, "field_not_in_use"),
        ({"needed": ("product_details",)}, "field_not_in_use"),
        ({"needed": ("member_number",)}, "field_not_in_use"),
        ({"needed": ("login_email",)}, "field_not_in_use"),
        ({"needed": ("username",)}, "field_not_in_purpose"),
        ({"needed": ("allergies",), "optional": ()}, "special_only_optional"),
    ],
)
def test_what_may_not_be_asked_is_refused_by_name(changes: dict[str, object], code: str) -> None:
    assert obstacle(**changes) == code


def test_a_purpose_the_third_party_is_not_approved_for_is_refused() -> None:
    found = obstacle_to_question(PHONE, purposes=("identification",), register=register())
    assert found is not None
    assert found.code == "purpose_not_theirs"


def test_an_answer_is_all_needed_fields_and_the_ticked_optional_ones() -> None:
    special = special_fields(register())
    assert answer_of(PHONE, (), special=special).shared == ("phone",)
    assert answer_of(PHONE, ("first_name",), special=special).shared == ("phone", "first_name")


def test_a_special_category_is_never_shared_by_the_answer_itself() -> None:
    answer = answer_of(PHONE, ("allergies",), special=special_fields(register()))
    assert (answer.shared, answer.explicit) == (("phone",), ("allergies",))


def test_a_field_that_was_not_asked_is_no_answer() -> None:
    assert answer_of(PHONE, ("email",), special=()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"id": new_id()},
        {"needed": ("phone", "email")},
        {"needed": (), "optional": ("phone", "first_name", "allergies")},
        {"optional": ("first_name",)},
        {"grant_days": None},
        {"purpose": "programme"},
        {"reason": "For something else."},
    ],
)
def test_what_was_seen_is_another_thing_after_any_change(changes: dict[str, object]) -> None:
    assert replace(PHONE, **changes).seen != PHONE.seen


def test_three_times_is_often_enough() -> None:
    this = new_id()
    assert [may_ask([this] * before, this) for before in range(4)] == [True, True, True, False]


def test_six_times_is_often_enough_whatever_is_asked() -> None:
    others = [new_id() for _one in range(6)]
    assert [may_ask(others[:before], new_id()) for before in range(4, 7)] == [True, True, False]

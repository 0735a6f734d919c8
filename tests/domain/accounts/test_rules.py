"""Codes, devices, passkeys and session keys, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliento.domain.accounts.rules.codes import digits_of, new_code
from kliento.domain.accounts.rules.devices import device_of
from kliento.domain.accounts.rules.passkeys import (
    NewPasskey,
    RelyingParty,
    ask_to_create,
    ask_to_sign,
    created,
    credential_in,
    signed,
)
from kliento.domain.accounts.rules.sessions import FRESH, is_fresh, stored_key
from kliento.kernel.errors import Invalid
from kliento.kernel.ids import new_id
from tests.authenticator import Authenticator

HERE = RelyingParty(host="localhost", origin="http://localhost:8000")
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_code_is_six_digits_and_hardly_ever_the_same() -> None:
    codes = [new_code() for _ in range(500)]
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(set(codes)) > 490


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.sampled_from([" ", "-", "\u00a0", ""]))
def test_a_code_may_be_typed_with_gaps(code: str, gap: str) -> None:
    assert digits_of(f" {code[:3]}{gap}{code[3:]} ") == code


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_known_by_two_words_at_most(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_what_is_stored_of_a_session_key_does_not_lead_back_to_it() -> None:
    assert stored_key("abc") != "abc"
    assert len(stored_key("abc")) == 64


def test_a_sign_in_is_fresh_for_a_quarter_of_an_hour() -> None:
    assert is_fresh(AT, at=AT + FRESH - timedelta(seconds=1))
    assert not is_fresh(AT, at=AT + FRESH)
    assert not is_fresh(None, at=AT)


class TestPasskeys:
    """Made and used here, and nowhere else."""

    @pytest.fixture
    def device(self) -> Authenticator:
        return Authenticator(HERE.origin)

    @pytest.fixture
    def passkey(self, device: Authenticator) -> NewPasskey:
        question, state = ask_to_create(HERE, account_id=new_id(), known=[])
        return created(HERE, state, device.creates(question), device="Chrome, Linux")

    def test_a_passkey_signs_the_question_it_was_asked(self, device: Authenticator, passkey: NewPasskey) -> None:
        question, state = ask_to_sign(HERE)
        answer = device.signs(question)

        assert credential_in(answer) == passkey.credential_id
        assert signed(HERE, state, answer, by=passkey) == 1

    def test_an_answer_to_another_question_is_refused(self, device: Authenticator, passkey: NewPasskey) -> None:
        old, _ = ask_to_sign(HERE)
        _, state = ask_to_sign(HERE)
        for wrong in (state, None, {}):
            with pytest.raises(Invalid):
                signed(HERE, wrong, device.signs(old), by=passkey)

    @pytest.mark.parametrize(
        "change",
        [
            {"origin": "https://kliento.example"},
            {"origin": "http://localhost:8001"},
            {"host": "kliento.example"},
            {"verifies": False},
            {"key": Authenticator("").key},
        ],
        ids=["origin", "port", "host", "nobody was there", "key"],
    )
    def test_what_is_not_signed_here_by_its_owner_is_refused(
        self, device: Authenticator, passkey: NewPasskey, change: dict[str, Any]
    ) -> None:
        question, state = ask_to_sign(HERE)
        for name, value in change.items():
            setattr(device, name, value)
        with pytest.raises(Invalid):
            signed(HERE, state, device.signs(question), by=passkey)

    def test_a_copy_of_a_passkey_is_found_by_its_count(self, device: Authenticator, passkey: NewPasskey) -> None:
        question, state = ask_to_sign(HERE)
        answer = device.signs(question)
        used = NewPasskey(passkey.credential_id, passkey.public_key, sign_count=1)
        with pytest.raises(Invalid) as refusal:
            signed(HERE, state, answer, by=used)
        assert refusal.value.code == "passkey_copied"

    def test_a_passkey_made_elsewhere_or_by_nobody_is_refused(self, device: Authenticator) -> None:
        for name, value in [("origin", "https://kliento.example"), ("verifies", False), ("host", "kliento.example")]:
            question, state = ask_to_create(HERE, account_id=new_id(), known=[])
            wrong = Authenticator(HERE.origin)
            setattr(wrong, name, value)
            with pytest.raises(Invalid):
                created(HERE, state, wrong.creates(question), device="")

    @pytest.mark.parametrize("answer", [{}, {"id": 1}, {"rawId": "x", "response": []}, {"response": None}])
    def test_nonsense_is_refused(self, answer: dict[str, Any]) -> None:
        question, state = ask_to_create(HERE, account_id=new_id(), known=[])
        assert question["publicKey"]["user"]["name"] == "Kliento"
        with pytest.raises(Invalid):
            created(HERE, state, answer, device="")
        with pytest.raises(Invalid):
            credential_in(answer)

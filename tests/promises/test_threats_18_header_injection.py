"""Threat 18: whatever stands in a subject or an address, a mail has the headers we gave it and no other recipient."""

import email
import email.policy

import pytest
from django.core.mail import EmailMessage
from hypothesis import given
from hypothesis import strategies as st

from kliento.domain.dispatch.rules import is_one_address, subject_line

# Every line break a mail server or library might know, and what people try with them.
_BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "%0a", "=0A"]
_TRICKS = ["Bcc: eino@example.fi", "Content-Type: text/html", "\r\n\r\n<p>", ",eino@example.fi", "<", ">"]
TEXT = st.lists(st.one_of(st.sampled_from(_BREAKS + _TRICKS), st.text(max_size=20)), max_size=6).map("".join)


def headers_of(subject: str, address: str) -> list[str]:
    message = EmailMessage(subject, "x", "support@kliento.net", [address], headers={"Message-ID": "<a@b>"})
    return sorted(email.message_from_bytes(message.message().as_bytes(), policy=email.policy.compat32).keys())


PLAIN = headers_of("subject", "aino@example.fi")


@given(TEXT)
def test_a_subject_stays_one_header(text: str) -> None:
    line = subject_line(text)
    assert len(line.splitlines()) <= 1
    assert headers_of(line, "aino@example.fi") == PLAIN


@given(TEXT, TEXT)
def test_an_address_is_one_recipient_or_is_not_written_to(before: str, after: str) -> None:
    address = f"{before}aino@example.fi{after}"
    if is_one_address(address):
        assert len(address.splitlines()) == 1
        assert address.count("@") == 1
        assert "," not in address
        assert headers_of("subject", address) == PLAIN


@pytest.mark.parametrize(
    "address",
    [
        "aino@example.fi\nBcc: eino@example.fi",
        "aino@example.fi,eino@example.fi",
        "Aino <aino@example.fi>",
        "aino@example.fi\u2028Bcc: x",
        "aino@example.fi ",
        "",
        "a" * 250 + "@example.fi",
    ],
)
def test_these_are_not_addresses(address: str) -> None:
    assert not is_one_address(address)


@pytest.mark.parametrize("address", ["aino@example.fi", "a.b+c@sub.example.fi", "äiti@münchen.example"])
def test_these_are(address: str) -> None:
    assert is_one_address(address)

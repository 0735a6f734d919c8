"""Which spellings of an address are one, which are none, and what stands on the envelope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliento.domain.policy.rules import envelope_form, login_form
from kliento.domain.policy.rules.addresses import kept_address
from kliento.kernel.errors import Invalid


@pytest.mark.parametrize(
    "spelling",
    ["äijä@exämple.fi", "ÄIJÄ@EXÄMPLE.FI", "a\u0308ija\u0308@xn--exmple-cua.fi", "Äijä@XN--EXMPLE-CUA.FI"],
)
def test_all_spellings_of_an_address_are_one_sign_in(spelling: str) -> None:
    assert login_form(spelling) == "äijä@xn--exmple-cua.fi"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("aino@faß.de", "aino@fass.de"),
        ("straße@example.fi", "strasse@example.fi"),
        ("aino@βόλος.com", "aino@βόλοσ.com"),
        ("aino@example.fi", "aino.@example.fi"),
        ("aino@example.fi", "aino+kortti@example.fi"),
        ("aino@example.fi", "ain\u043e@example.fi"),
    ],
)
def test_what_may_be_two_mailboxes_is_two_sign_ins(one: str, other: str) -> None:
    assert login_form(one) != login_form(other)


@pytest.mark.parametrize(
    ("written", "kept", "envelope"),
    [
        ("Aino@Example.FI", "Aino@example.fi", "Aino@example.fi"),
        ("aino@SÄHKÖPOSTI.fi", "aino@sähköposti.fi", "aino@xn--shkposti-0za6p.fi"),
        ("aino@xn--shkposti-0za6p.fi", "aino@sähköposti.fi", "aino@xn--shkposti-0za6p.fi"),
        ("aino@FAẞ.de", "aino@faß.de", "aino@xn--fa-hia.de"),
        ("aino@ab--c.fi", "aino@ab--c.fi", "aino@ab--c.fi"),
    ],
)
def test_a_domain_is_read_in_its_own_letters_and_written_to_in_ascii(written: str, kept: str, envelope: str) -> None:
    assert kept_address(written) == kept
    assert envelope_form(kept) == envelope


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\u034f", "\u3164", "\ufe0f", "\u202e"]
)
@pytest.mark.parametrize(
    "address", ["ai{}no@example.fi", "{}aino@example.fi", "aino@exam{}ple.fi", "aino@example.fi{}"]
)
def test_what_cannot_be_seen_is_refused_and_named(hidden: str, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        kept_address(address.format(hidden))
    assert refused.value.code == "control_characters"


@pytest.mark.parametrize(
    "text",
    [
        "aino@xn--a.fi",
        "aino@-ä.fi",
        "aino@ä..fi",
        "aino@ä",
        "aino@i❤.ws",
        f"aino@{'ä' * 64}.fi",
        f"a@{'ä.' * 5000}fi",
        "@",
        "",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        kept_address(text)
    assert refused.value.code == "not_email"


@given(local=st.text(max_size=12), domain=st.text(max_size=12))
def test_the_forms_of_an_address_stay_as_they_are(local: str, domain: str) -> None:
    try:
        kept = kept_address(f"{local}@{domain}.fi")
    except Invalid:
        return
    assert kept_address(kept) == kept
    assert login_form(login_form(kept)) == login_form(kept) == login_form(envelope_form(kept))

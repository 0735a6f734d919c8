"""E-mail addresses: is it one, how is it kept, under what is it found, what stands on the envelope? Pure.

Domains as IDNA 2008 has them (UTS 46, non-transitional): straße.de is not strasse.de.
"""

import re
import unicodedata

import idna

from kliento.kernel.errors import Invalid

_FORBIDDEN = re.compile(r"[\s@<>()\[\],;:\\\"]")
_HOST_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LONGEST_HOST = 253
# Drawn as nothing although Unicode does not call them control or format characters: joiners, fillers, selectors.
_DRAWN_AS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def kept_address(text: str) -> str:
    """As it is kept and shown: the local part as it was written, the domain in its one readable form.

    Raises Invalid with the code `control_characters` for what cannot be seen, `not_email` for what is no address.
    """
    local, _, domain = text.rpartition("@")
    host = _host(domain)
    if (
        not 1 <= len(local) <= 64
        or _FORBIDDEN.search(local)
        or local.startswith(".")
        or local.endswith(".")
        or ".." in local
    ):
        raise Invalid(code="control_characters" if _hides_something(local) else "not_email")
    kept = f"{local}@{idna.decode(host) if 'xn--' in host else host}"
    if _hides_something(kept):  # of the domain too: its ASCII form can spell them
        raise Invalid(code="control_characters")
    return kept


def login_form(address: str) -> str:
    """The one spelling all equal addresses share: NFC, lower case, the domain in its ASCII form.

    For an address that `kept_address` has passed. Two mailboxes that differ in case only are one sign-in: hardly any
    server tells them apart, and people do not either.
    """
    local, _, domain = address.rpartition("@")
    return f"{unicodedata.normalize('NFC', local.lower())}@{_host(domain)}"


def envelope_form(address: str) -> str:
    """What a mail server is given: the domain in its ASCII form. Raises Invalid for what is no address."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{_host(domain)}"


def _host(domain: str) -> str:
    """The domain in its ASCII form. Raises Invalid."""
    if _hides_something(domain):  # UTS 46 would leave some of them out
        raise Invalid(code="control_characters")
    lowered = domain.lower()
    try:
        # Only what needs it: IDNA refuses hyphens that domains of plain ASCII may have.
        is_plain = lowered.isascii() and "xn--" not in lowered
        host = lowered if is_plain else idna.encode(domain[:_LONGEST_HOST], uts46=True, transitional=False).decode()
    except UnicodeError:
        raise Invalid(code="not_email") from None
    labels = host.split(".")
    if len(domain) > _LONGEST_HOST or len(host) > _LONGEST_HOST or len(labels) < 2:
        raise Invalid(code="not_email")
    if not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise Invalid(code="not_email")
    return host


def _hides_something(text: str) -> bool:
    return _DRAWN_AS_NOTHING.search(text) is not None or any(
        unicodedata.category(character).startswith("C") for character in text
    )

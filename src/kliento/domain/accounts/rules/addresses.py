"""Which spellings of an address are the same sign-in. Pure."""

import unicodedata


def login_form(address: str) -> str:
    """The one spelling all equal addresses share: NFC, lower case, the domain in its ASCII form (IDNA).

    For an address that has passed the declaration's check. Two mailboxes that differ in case only are one sign-in:
    hardly any server tells them apart, and people do not either.
    """
    local, _, domain = address.rpartition("@")
    lowered = unicodedata.normalize("NFC", local.casefold())
    return f"{lowered}@{domain.encode('idna').decode().lower()}"

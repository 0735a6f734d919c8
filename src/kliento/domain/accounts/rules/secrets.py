"""What somebody signs in with: a password or a passkey. Pure."""

from dataclasses import dataclass, field

from kliento.domain.accounts.rules.passkeys import NewPasskey


@dataclass(frozen=True, slots=True)
class Password:
    """A password that has passed the checks, on its way to the hasher."""

    text: str = field(repr=False)


Secret = Password | NewPasskey

"""The kinds of message dispatch posts: the letters that tell a person something there is to know later too.

A letter with a code or a link that signs in is none of them: messages stay.
"""

from typing import ClassVar

from kliento.domain.inbox.rules import MessageKind


class SharingEnds(MessageKind):
    """Something the person shares ends within a week."""

    code: ClassVar[str] = "sharing_ends"
    template: ClassVar[str] = "dispatch/sharing_ends"


class SecretChanged(MessageKind):
    """A password or passkey was changed, added or removed."""

    code: ClassVar[str] = "secret_changed"
    template: ClassVar[str] = "dispatch/secret_changed"


class AddressReverted(MessageKind):
    """The former sign-in address is back, or what was added to sign in with was taken back."""

    code: ClassVar[str] = "address_reverted"
    template: ClassVar[str] = "dispatch/address_reverted"


class Asked(MessageKind):
    """A third party asked for details. Said in the service alone: mail would tell whoever reads it who asks whom."""

    code: ClassVar[str] = "asked"
    template: ClassVar[str] = "dispatch/asked"


class WordsChanged(MessageKind):
    """Words the person agreed or shared under have changed. In the service alone: there it can be answered."""

    code: ClassVar[str] = "words_changed"
    template: ClassVar[str] = "dispatch/words_changed"

"""The block list of one company: what its tills refuse without a network. It tells nothing to whoever has no code."""

import bisect
import hmac
import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from kliento_till.signatures import is_signed

_ENTRY_BYTES = 10


class BlockList:
    """A list whose signature held."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Raises ValueError for what is no list, or not signed by the key it names."""
        try:
            said = ("third_party_id", "made_at", "good_until", "entries")
            signed = "\n".join(["kliento-block-list-1", *(str(document[name]) for name in said)])
            self.third_party_id = str(document["third_party_id"])
            self.code_key = b64decode(document["code_key"], validate=True)
            self.good_until = datetime.fromisoformat(document["good_until"]).timestamp()
            self._list_key = b64decode(document["list_key"], validate=True)
            entries = b64decode(document["entries"], validate=True)
            signature = b64decode(document["signature"], validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("This is no block list.") from error
        if not is_signed(signed.encode(), signature, by=self.code_key):
            raise ValueError("This block list is not signed by the service.")
        self._entries = _Entries(entries)

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """The list as it was sent or kept."""
        return cls(json.loads(text))

    def holds(self, digest: bytes) -> bool:
        """Whether this is not accepted: the digest of a number, or of a rotating code's token."""
        entry = hmac.digest(self._list_key, digest, "sha256")[:_ENTRY_BYTES]
        place = bisect.bisect_left(self._entries, entry)
        return place < len(self._entries) and self._entries[place] == entry


class _Entries(Sequence[bytes]):
    """The sorted entries, left in one piece: a list of a country's lost cards has a million of them."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def __len__(self) -> int:
        return len(self._raw) // _ENTRY_BYTES

    def __getitem__(self, place: Any) -> Any:
        return self._raw[place * _ENTRY_BYTES : (place + 1) * _ENTRY_BYTES]

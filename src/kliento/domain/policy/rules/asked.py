"""What somebody is asked to agree to, in one language, and a hash by which those very words are known again. Pure."""

import hashlib
import json
from dataclasses import asdict, dataclass

from kliento.domain.policy.rules.declaration import Purpose, Register


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the declaration that a person sees with a choice; `hash` is SHA-256 over all of them, in hex."""

    purpose: str
    language: str
    holder: str
    label: str
    description: str
    retention: str
    fields: tuple[str, ...]
    recipients: tuple[str, ...]

    @property
    def hash(self) -> str:
        """Of the canonical JSON of all that is said."""
        said = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()


def asked_for(register: Register, purpose: Purpose, language: str) -> Asked:
    """The words for this purpose in `language` ("fi", "sv" or "en")."""
    return Asked(
        purpose=purpose.code,
        language=language,
        holder=register.holder.name,
        label=purpose.label.inn(language),
        description=purpose.description.inn(language),
        retention=register.retention[purpose.retention].label.inn(language),
        fields=tuple(sorted(register.detail(code).label.inn(language) for code in purpose.fields)),
        recipients=tuple(
            sorted(register.recipient_kinds[kind].label.inn(language) for kind in purpose.recipient_kinds)
        ),
    )

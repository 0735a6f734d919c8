"""In which language a third party writes what people read of it."""

from uuid import UUID

from kliento.domain.recipients.actions.acting import only_the_register_holder
from kliento.domain.recipients.models import ThirdParty
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Invalid, NotFound

LANGUAGES = ("fi", "sv", "en")


def note_language(third_party_id: UUID, language: str, *, by: Actor) -> None:
    """Its questions, its programme and the essence of its arrangement are in this language; pages mark them so.

    Raises Invalid for any other than those of the service, NotFound.
    """
    only_the_register_holder(by)
    if language not in LANGUAGES:
        raise Invalid(code="language_unknown", pointer="language")
    if not ThirdParty.objects.filter(id=third_party_id).update(language=language):
        raise NotFound(code="third_party_unknown")

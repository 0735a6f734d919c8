"""One file at a time for each third party and each person: it reads all there is, and may not hold up the others."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients.models import FileUnderWay
from kliento.domain.recipients.rules import FILE_HELD
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id

_OF_A_COMPANY = _("A file of your company is still being made. Wait until it has arrived, then try again.")
_OF_A_PERSON = _("Another file of yours is still being made. Wait until it has arrived, then try again.")


def begin_file(by: OperatorActor | PersonActor, *, at: datetime) -> UUID:
    """Take the place for a file, the person's own or their company's; what is returned keeps and ends it.

    Raises Conflict while another file of theirs is under way.
    """
    file_id, is_person = new_id(), isinstance(by, PersonActor)
    whose = {"person_id": by.person_id} if isinstance(by, PersonActor) else {"third_party_id": by.third_party_id}
    places = FileUnderWay.objects.filter(**whose)
    with transaction.atomic():
        places.filter(until__lte=at).delete()
        # Of two who come at once the constraint lets one through, on either engine.
        FileUnderWay.objects.bulk_create(
            [FileUnderWay(id=file_id, until=at + FILE_HELD, **whose)], ignore_conflicts=True
        )
        if not places.filter(id=file_id).exists():
            raise Conflict(_OF_A_PERSON if is_person else _OF_A_COMPANY, code="file_under_way")
    return file_id


def keep_file(file_id: UUID, *, at: datetime) -> None:
    """Say that the file is still being sent.

    Raises Conflict when it had stood still for so long that another one has taken its place.
    """
    with transaction.atomic():
        if not FileUnderWay.objects.filter(id=file_id).update(until=at + FILE_HELD):
            raise Conflict(code="file_overtaken")


def end_file(file_id: UUID) -> None:
    """Free the place. Nothing to do when it has been taken over."""
    with transaction.atomic():
        FileUnderWay.objects.filter(id=file_id).delete()

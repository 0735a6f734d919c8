"""One file at a time for each third party: each reads all there is, and none may hold up the other third parties."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients.models import FileUnderWay
from kliento.domain.recipients.rules import FILE_HELD
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id


def begin_file(by: OperatorActor, *, at: datetime) -> UUID:
    """Take the third party's place for a file; what is returned keeps and ends it.

    Raises Conflict while another file of theirs is under way.
    """
    file_id = new_id()
    places = FileUnderWay.objects.filter(third_party_id=by.third_party_id)
    with transaction.atomic():
        places.filter(until__lte=at).delete()
        # Of two who come at once the constraint lets one through, on either engine.
        FileUnderWay.objects.bulk_create(
            [FileUnderWay(id=file_id, third_party_id=by.third_party_id, until=at + FILE_HELD)], ignore_conflicts=True
        )
        if not places.filter(id=file_id).exists():
            raise Conflict(
                _("A file of your company is still being made. Wait until it has arrived, then try again."),
                code="file_under_way",
            )
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

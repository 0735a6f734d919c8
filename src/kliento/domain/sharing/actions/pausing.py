"""Pausing a company: it is shown nothing until the person resumes; what was chosen stays chosen."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.people.queries import lock_self
from kliento.domain.sharing.actions.entering import entry_about
from kliento.domain.sharing.models import Relationship
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import Actor
from kliento.kernel.errors import NotFound


def pause_sharing(person_id: UUID, third_party_id: UUID, *, by: Actor, at: datetime) -> None:
    """Share nothing with this third party from its next read on, until `resume_sharing`. Again is no error.

    Nothing ends, so nobody is told to delete anything. Raises NotAllowed unless `by` is the person, NotFound where
    they are not known.
    """
    _set(Pair(person_id, third_party_id), at, kind="sharing_paused", by=by, at=at)


def resume_sharing(person_id: UUID, third_party_id: UUID, *, by: Actor, at: datetime) -> None:
    """Let the third party see again what is shared with it. Raises as `pause_sharing` does."""
    _set(Pair(person_id, third_party_id), None, kind="sharing_resumed", by=by, at=at)


def _set(pair: Pair, paused_at: datetime | None, *, kind: str, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        lock_self(pair.subject_id, by=by)
        here = Relationship.objects.filter(subject_id=pair.subject_id, third_party_id=pair.third_party_id)
        if not here.exists():
            raise NotFound(_("This company does not know you."), code="unknown_company")
        if here.filter(paused_at__isnull=paused_at is not None).update(paused_at=paused_at):
            record([entry_about(pair, kind, at=at)])

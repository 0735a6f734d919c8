"""Put off, work off. At least once: a lease that runs out is taken by the next worker, on any process or host."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache, reduce
from importlib import import_module
from operator import or_
from typing import Any
from uuid import UUID

import structlog
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.module_loading import module_has_submodule

from kliento.domain.outbox.models import Item, Periodic
from kliento.domain.outbox.rules import GIVEN_UP_KEPT, LEASE, Work, next_try
from kliento.kernel.errors import KlientoError, NotFound
from kliento.kernel.ids import new_id

log = structlog.get_logger("kliento.outbox")
_bell = threading.Event()

Handler = Callable[[Work], None]
PeriodicTask = tuple[timedelta, Callable[[datetime], None]]


def enqueue(kind: str, *, ref: str, subject_id: UUID | None = None, at: datetime) -> None:
    """Do it once the caller's transaction has committed. `ref` names a row, never holds a value."""
    Item.objects.create(kind=kind, ref=ref, subject_id=subject_id, next_at=at)
    transaction.on_commit(_bell.set)


def enqueue_about(kind: str, subject_ids: Iterable[UUID], *, at: datetime) -> None:
    """One item about each of these subjects, who also are what it refers to. One statement for a thousand."""
    Item.objects.bulk_create(Item(kind=kind, ref=str(one), subject_id=one, next_at=at) for one in subject_ids)
    transaction.on_commit(_bell.set)


def wait_for_work(*, seconds: float) -> None:
    """Return when something was enqueued in this process, or after so many seconds."""
    _bell.wait(seconds)
    _bell.clear()


def ring() -> None:
    """Wake whoever waits for work in this process."""
    _bell.set()


def work_off(*, at: datetime, limit: int = 50) -> int:
    """Do up to `limit` due items in turn; answers how many were tried. A failure is put off, never raised."""
    started = time.monotonic()
    for tried in range(limit):
        now = at + timedelta(seconds=time.monotonic() - started)
        item = _lease_next(at=now)
        if item is None:
            return tried
        _try(item, at=now)
    return limit


def run_now(kind: str, *, ref: str) -> None:
    """Do one thing at once, for somebody who waits for it; what goes wrong is raised. Raises NotFound."""
    handlers: Mapping[str, Handler] = _declared("HANDLERS")
    if kind not in handlers:
        raise NotFound(code="unknown_kind")
    handlers[kind](Work(new_id(), kind, ref, None, 0))


def run_due(*, at: datetime) -> list[str]:
    """Run every periodic task that is due; answers the names of those that ran well."""
    tasks: Mapping[str, PeriodicTask] = _declared("PERIODIC")
    return [name for name in _lease_due(tasks, at=at) if _run(name, tasks[name], at=at)]


def strike_off(work: Work) -> bool:
    """Whether it is still to be done; struck off within the caller's transaction, so it is done once or not at all.

    For a handler whose effect cannot tell that it was there before, like a letter that has left.
    """
    deleted, _ = Item.objects.filter(id=work.id).delete()
    return deleted == 1


def purge_given_up(*, at: datetime) -> int:
    """Delete what was given up a month ago."""
    deleted, _ = Item.objects.filter(given_up_at__lt=at - GIVEN_UP_KEPT).delete()
    return deleted


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Nothing more will be done about this person."""
    Item.objects.filter(subject_id=person_id).delete()


def _lease_next(*, at: datetime) -> Item | None:
    with transaction.atomic():
        due = Item.objects.filter(Q(lease_until=None) | Q(lease_until__lte=at), next_at__lte=at, given_up_at=None)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        item = due.order_by("next_at", "id").first()
        if item is not None:
            item.lease_until = at + LEASE
            item.save(update_fields=["lease_until"])
        return item


def _try(item: Item, *, at: datetime) -> None:
    handlers: Mapping[str, Handler] = _declared("HANDLERS")
    # Only the lease we took: a slow handler whose lease ran out must not undo what another worker decided.
    ours = Item.objects.filter(id=item.id, lease_until=item.lease_until)
    try:
        handlers[item.kind](Work(item.id, item.kind, item.ref, item.subject_id, item.attempts))
    except Exception as error:
        attempts = item.attempts + 1
        again_at = next_try(attempts, at=at)
        log.warning("put off" if again_at else "given up", kind=item.kind, item=str(item.id), exc_info=error)
        ours.update(
            attempts=attempts,
            next_at=again_at or F("next_at"),
            lease_until=None,
            last_error_code=_code_of(error),
            given_up_at=None if again_at else at,
        )
    else:
        ours.delete()


def _lease_due(tasks: Mapping[str, PeriodicTask], *, at: datetime) -> list[str]:
    with transaction.atomic():
        Periodic.objects.bulk_create([Periodic(name=name, due_at=at) for name in tasks], ignore_conflicts=True)
        free = Q(lease_until=None) | Q(lease_until__lte=at) | Q(lease_until__gt=at + 2 * LEASE)
        due = Periodic.objects.filter(free & _is_due(tasks, at=at))
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        names = sorted(due.values_list("name", flat=True))
        Periodic.objects.filter(name__in=names).update(lease_until=at + LEASE)
        return names


def _is_due(tasks: Mapping[str, PeriodicTask], *, at: datetime) -> Q:
    """What is due; and what is due later than it could ever be put off to: the clock was ahead and was set back."""
    set_back = [Q(name=name, due_at__gt=at + every + LEASE) for name, (every, _) in tasks.items()]
    return reduce(or_, set_back, Q(name__in=tasks, due_at__lte=at))


def _run(name: str, task: PeriodicTask, *, at: datetime) -> bool:
    every, function = task
    code = ""
    try:
        function(at)
    except Exception as error:
        log.warning("periodic task failed", task=name, exc_info=error)
        code = _code_of(error)
    Periodic.objects.filter(name=name).update(due_at=at + every, lease_until=None, last_error_code=code)
    return not code


def _code_of(error: Exception) -> str:
    """A stable word for what went wrong; never the message, which may quote a value."""
    return (error.code if isinstance(error, KlientoError) else type(error).__name__)[:60]


@cache
def _declared(name: str) -> dict[str, Any]:
    """Everything the packages' `tasks.py` declare under that name."""
    found: dict[str, Any] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("kliento.") and module_has_submodule(app.module, "tasks"):
            declared = getattr(import_module(f"{app.name}.tasks"), name, {})
            if twice := found.keys() & declared.keys():
                raise RuntimeError(f"{name} declared twice: {', '.join(sorted(twice))}")
            found |= declared
    return found

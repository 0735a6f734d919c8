"""A log of very many entries: filled, sealed, verified. `python -m bench.log count|seal ENTRIES` with the environment
of an instance; prints what it found as JSON."""

import json
import logging
import os
import resource
import sys
import time
from datetime import datetime
from typing import Any
from uuid import UUID

import django

SUBJECTS = 20_000
AT_ONCE = 5000
PROOFS = 20


def count() -> dict[str, float]:
    """How many entries there are."""
    from kliento.domain.activity.models import Entry

    return {"entries": Entry.objects.count()}


def seal(entries: int, *, at: datetime) -> dict[str, float]:
    """Fill the log up to so many entries, seal what waits, verify all of it, take a few proofs."""
    from kliento.domain.activity.actions.sealing import seal
    from kliento.domain.activity.queries.proving import newest_checkpoint
    from kliento.domain.activity.queries.verifying import find_tampering
    from kliento.domain.activity.rules.notes import read

    subjects = _filled(entries, at=at)
    started = time.perf_counter()
    sealed = seal(at=at)
    seal_seconds = time.perf_counter() - started
    memory = _peak_mb()
    started = time.perf_counter()
    findings = sum(1 for _ in find_tampering([newest_checkpoint()], progress=lambda done, size: None))
    return {
        "sealed": sealed,
        "seal_seconds": seal_seconds,
        "verify_seconds": time.perf_counter() - started,
        "memory_mb": _peak_mb() - memory,
        "findings": findings,
        "size": read(newest_checkpoint()).size,
        "proof_bytes": max(_proof_bytes(subject) for subject in subjects),
    }


def _filled(entries: int, *, at: datetime) -> list[UUID]:
    from django.db import transaction

    from kliento.domain.activity.actions import record
    from kliento.domain.activity.models import Entry
    from kliento.domain.activity.rules import NewEntry
    from kliento.kernel.ids import new_id

    subjects, shop, missing = [new_id() for _ in range(SUBJECTS)], new_id(), entries - Entry.objects.count()
    for start in range(0, max(missing, AT_ONCE), AT_ONCE):
        with transaction.atomic():
            record(
                [
                    NewEntry(
                        subjects[number % SUBJECTS],
                        "visit",
                        at,
                        recipient_id=shop,
                        purpose="identification",
                        basis="contract",
                        fields=("nickname", "first_name"),
                        payload={"visit_id": str(new_id())},
                    )
                    for number in range(start, start + AT_ONCE)
                ]
            )
    return subjects[:PROOFS]


def _proof_bytes(subject: UUID) -> int:
    from kliento.domain.activity.queries import entries_of
    from kliento.domain.activity.queries.proving import entry_proof

    [entry] = entries_of([subject], limit=1)
    return len(json.dumps(entry_proof([subject], entry.id), ensure_ascii=False, separators=(",", ":")).encode())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """The program."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
    django.setup()
    logging.disable(logging.CRITICAL)
    from kliento.kernel.clock import now

    answer: dict[str, Any] = count() if sys.argv[1] == "count" else seal(int(sys.argv[2]), at=now())
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Lays what the tills were told beside what stands in the databases: each scan once, with its outcome, none lost."""

import itertools
from collections import Counter as Tally
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

from kliento.domain.activity.models import Entry
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.recipients.models import Premises
from kliento.domain.recipients.models import Terminal as TerminalRow
from kliento.domain.recipients.rules import hash_of_secret
from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.rules import Outcome, in_same_visit
from kliento.kernel.rows import Among
from kliento_till import QUEUED, Answer, Till
from kliento_till.ids import seconds_of
from simulation.day import Counter, Day

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_NOT_RECORDED = {Outcome.TOO_LATE, Outcome.INVALID}
_SAYS_NOTHING = {QUEUED, Outcome.RECEIVED}
_CLOCK_SECONDS = 60  # as wrong as a till's clock is here, and more


@dataclass
class Findings:
    """The figures, and each fault with the ids it concerns: all four lists are empty when all went well."""

    figures: dict[str, float]
    outcomes: Tally[str]
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether the books agree."""
        return not (self.lost or self.doubled or self.changed or self.strangers)

    def all_figures(self) -> dict[str, float]:
        """By stable names."""
        faults = {name: len(getattr(self, name)) for name in ("lost", "doubled", "changed", "strangers")}
        outcomes = {f"outcome.{name}": number for name, number in sorted(self.outcomes.items())}
        return {**self.figures, **outcomes, **faults}


def audit(day: Day) -> Findings:
    """Compare, after every till has handed everything in and ended."""
    findings = Findings(_figures(day), Tally())
    terminals, revoked = _terminals(day.counters)
    findings.figures["disconnected"] = len(revoked)
    stored: dict[UUID, dict[UUID, Scan]] = {terminal_id: {} for terminal_id in terminals}
    for row in Scan.objects.filter(terminal_id__in=Among(terminals)):
        stored[row.terminal_id][row.id] = row
    rows = [row for by_id in stored.values() for row in by_id.values()]
    ours = Q(terminal_id__in=Among(terminals)) | Q(id__in=Among({row.visit_id for row in rows if row.visit_id}))
    visits = {visit.id: visit for visit in Visit.objects.filter(ours)}
    codes = Tally(code for counter in day.counters for code in counter.shown.values())
    for terminal_id, counter in terminals.items():
        _compare(counter, stored[terminal_id], findings, codes, until=revoked.get(terminal_id))
    _check_visits(visits, rows, findings)
    return findings


def _terminals(counters: Iterable[Counter]) -> tuple[dict[UUID, Counter], dict[UUID, datetime]]:
    """The tills by their terminals' ids; and when those were disconnected that somebody did."""
    found: dict[UUID, Counter] = {}
    revoked: dict[UUID, datetime] = {}
    for counter in counters:
        row = TerminalRow.objects.get(secret_hash=hash_of_secret(counter.terminal.secret))
        found[row.id] = counter
        if row.revoked_at is not None:
            revoked[row.id] = row.revoked_at
    return found, revoked


def _compare(
    counter: Counter,
    stored: Mapping[UUID, Scan],
    findings: Findings,
    codes: Tally[str],
    *,
    until: datetime | None,
) -> None:
    """One till: what it was told at once, what it was told at last, and what stands. `until`: when it was disconnected;
    what it showed after that it keeps, and nobody takes it.
    """
    ids, final = counter.ids(), _answers(counter)
    findings.strangers += [f"scan {scan_id}" for scan_id in set(stored) - set(ids.values())]
    for number, code in counter.shown.items():
        scan_id, told = ids.get(number), counter.told.get(number)
        answer = final.get(scan_id) if scan_id else None
        if scan_id and told and answer is None and until and seconds_of(scan_id) > until.timestamp() - _CLOCK_SECONDS:
            findings.figures["too_late"] += 1
            continue
        if scan_id is None or told is None or answer is None:
            findings.lost.append(f"show {number}: never answered")
            continue
        findings.outcomes[answer.outcome] += 1
        row = stored.get(scan_id)
        if row is None and answer.outcome not in _NOT_RECORDED:
            findings.lost.append(f"scan {scan_id}: {answer.outcome}, and nothing stands")
        said = [told.outcome, *(outcome for one, outcome in counter.told_again if one == number), answer.outcome]
        said = [outcome for outcome in said if outcome not in _SAYS_NOTHING] + ([row.outcome] if row else [])
        # Of one code at two tills the earlier use stands, whenever it is told: the other reads `replayed` from then on.
        if set(said) == {Outcome.IDENTIFIED, Outcome.REPLAYED} and said == sorted(said):
            findings.figures["overruled"] += 1
            if codes[code] == 1:
                findings.changed.append(f"scan {scan_id}: overruled, but nobody else showed its code")
        elif len(set(said)) > 1:
            findings.changed.append(f"scan {scan_id}: {', '.join(said)}")


def _check_visits(visits: Mapping[UUID, Visit], scans: Iterable[Scan], findings: Findings) -> None:
    """A visit for each scan that says so, of its own person; none beside them; none twice within its ten minutes."""
    named = set()
    for scan in scans:
        if scan.outcome in (Outcome.IDENTIFIED, Outcome.UNCLAIMED):
            if scan.visit_id is None or scan.visit_id not in visits:
                findings.lost.append(f"scan {scan.id}: no visit")
            named.add(scan.visit_id)
    begun_elsewhere = {visit.id for visit in visits.values() if visit.id not in named and not visit.overruled_at}
    findings.doubled += [f"visit {visit_id}: no scan stands for it" for visit_id in begun_elsewhere]
    standing = [visit for visit in visits.values() if visit.stands]
    findings.figures["visits"] = len(standing)
    counted = set(Premises.objects.filter(counts=Premises.Counts.VISITS).values_list("id", flat=True))
    by_place: dict[tuple[UUID | None, UUID], list[datetime]] = {}
    for visit in standing:
        if visit.premises_id in counted:
            by_place.setdefault((visit.subject_id, visit.premises_id), []).append(visit.occurred_at)
    for moments in by_place.values():
        moments.sort()
        for first, second in itertools.pairwise(moments):
            if in_same_visit(first, occurred_at=second):
                findings.doubled.append(f"visits at {first} and {second}: one visit")
    earned = Tally(
        LedgerEntry.objects.filter(kind="earned", visit_id__in=Among(visits)).values_list("visit_id", flat=True)
    )
    findings.figures["stamps"] = len(earned)
    findings.doubled += [f"visit {visit_id}: {number} stamps" for visit_id, number in earned.items() if number > 1]
    _check_activity(visits.values(), findings)


def _check_activity(visits: Collection[Visit], findings: Findings) -> None:
    """Each visit stands in Activity, and each subject's entries are numbered without gaps."""
    entered = Entry.objects.filter(id__in=Among([visit.entry_id for visit in visits]))
    known = set(entered.values_list("id", flat=True))
    findings.lost += [f"visit {visit.id}: not in Activity" for visit in visits if visit.entry_id not in known]
    numbers: dict[UUID | None, list[int]] = {}
    theirs = Entry.objects.filter(subject_id__in=Among({visit.subject_id for visit in visits if visit.subject_id}))
    for subject_id, number in theirs.filter(number__isnull=False).values_list("subject_id", "number"):
        numbers.setdefault(subject_id, []).append(number or 0)
    findings.lost += [
        f"Activity of {subject_id} has gaps"
        for subject_id, counted in numbers.items()
        if sorted(counted) != list(range(min(counted), min(counted) + len(counted)))
    ]


def _answers(counter: Counter) -> dict[UUID, Answer]:
    with Till(counter.terminal, queue=counter.queue) as till:
        return {answer.id: answer for answer in till.answers_since(_LONG_AGO)}


def _figures(day: Day) -> dict[str, float]:
    told = [one for counter in day.counters for one in counter.told.values()]
    waits = sorted(one.milliseconds for one in told) or [0.0]
    at_once = sorted(one.milliseconds for one in told if one.outcome != QUEUED) or [0.0]
    return {
        "tills": len(day.counters),
        "seconds": round(day.seconds, 1),
        "shown": sum(len(counter.shown) for counter in day.counters),
        "acknowledged": len(told),
        "queued": sum(one.outcome == QUEUED for one in told),
        "spells": len(day.plan.spells),
        "kills": sum(counter.kills for counter in day.counters),
        "overruled": 0,
        "disconnected": 0,
        "too_late": 0,
        "wait.p50_ms": waits[len(waits) // 2],
        "wait.p99_ms": waits[int(len(waits) * 0.99)],
        "answered.p50_ms": at_once[len(at_once) // 2],
        "answered.p99_ms": at_once[int(len(at_once) * 0.99)],
    }

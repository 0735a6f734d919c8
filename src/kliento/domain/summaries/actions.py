"""Making the summaries of a month, so many people at a time. Whoever did not agree, or no longer does, gets none."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import override

from kliento.domain.activity.queries import tallies_of
from kliento.domain.consents.queries import audience
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.gate.queries import reached_by
from kliento.domain.inbox.actions import post_message
from kliento.domain.people.queries import addressees_of
from kliento.domain.policy.queries import register
from kliento.domain.summaries.models import Run
from kliento.domain.summaries.rules import MONTHLY, Summary, Tally, bounds_of, month_before, summary_of

BATCH = 500


def make_summaries(*, at: datetime) -> int:
    """Make those of the last month that are not made yet; how many there were. Can be interrupted at any time.

    Letters ask the gate once more when they leave (R-CON-3). Nothing for somebody about whom nothing was entered.
    """
    purpose = register().purpose(MONTHLY)
    month = month_before(localdate(at))
    return sum(_on(channel, month, at=at) for channel in purpose.channels)


def _on(channel: str, month: date, *, at: datetime) -> int:
    made = 0
    while True:
        with transaction.atomic():
            Run.objects.get_or_create(month=month, channel=channel)
            run = Run.objects.select_for_update().get(month=month, channel=channel)
            if run.done_at is not None:
                return made
            people = audience(MONTHLY, channel, after=run.after, limit=BATCH)
            made += _made(people, channel, month, at=at)
            run.done_at = at if len(people) < BATCH else None
            run.after = people[-1] if run.done_at is None else None  # nobody's id stays
            run.save(update_fields=["after", "done_at"])


def _made(people: Sequence[UUID], channel: str, month: date, *, at: datetime) -> int:
    since, until = bounds_of(month, get_current_timezone())
    entered, made = tallies_of(people, since=since, until=until), 0
    addressees = addressees_of(reached_by(people, MONTHLY, channel=channel))
    for person_id, (account_id, language) in addressees.items():
        summary = summary_of({kind: Tally(*counts) for kind, counts in entered.get(person_id, {}).items()})
        if summary == Summary(0, 0, 0):
            continue
        context = _words(summary, month, language)
        if channel == "email":
            post_letter(MONTHLY, owner_id=account_id, language=language, context=context, purpose=MONTHLY, at=at)
        else:
            post_message(MONTHLY, person_id=person_id, context=context, at=at)
        made += 1
    return made


def _words(summary: Summary, month: date, language: str) -> Mapping[str, str]:
    with override(language):
        called = date_format(month, "F Y")
    return {
        "month": called[:1].upper() + called[1:],
        "visits": str(summary.visits),
        "companies": str(summary.companies),
        "others": str(summary.others),
    }

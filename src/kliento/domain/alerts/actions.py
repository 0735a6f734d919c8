"""Following the log and telling people of what is unusual in it.

An entry is an alert when its kind says so (`Kind.alerts`). What is told is decided here, minutes later at most, by a
clock: a tap knows nothing of it and waits for nothing, and neither till nor third party can notice it (R-VIS-8). Where
the reading stands is written in the transaction that posts the messages, so that a crash repeats and loses nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from kliento.domain.activity.queries import alerts_sealed, end_of_log
from kliento.domain.activity.rules import Alerting
from kliento.domain.alerts.models import Follower, Letters, Told
from kliento.domain.alerts.queries import are_told, wanting_letters
from kliento.domain.alerts.rules import (
    ALERTS,
    LETTERS_A_DAY,
    LOOK_REFUSED,
    Happened,
    Occasion,
    in_steps,
    occasions_of,
    to_tell,
)
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.gate.queries import asked_as_before, reached_by
from kliento.domain.inbox.actions import post_message
from kliento.domain.people.queries import addressee_of, lock_people, lock_self
from kliento.domain.recipients.queries import names_of
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound
from kliento.kernel.rows import Among

BATCH = 1000
AT_ONCE = 10  # occasions in one transaction: on SQLite a tap waits for it
TOLD_KEPT = timedelta(days=3)
LETTER = "unusual_use"


def follow_activity(*, at: datetime) -> int:
    """Read on in the sealed log and tell of what is unusual; how many messages. Two statements where nothing is new.

    The first time it begins with what is entered from then on: nobody is told of what happened long ago. Where alerts
    are not declared it reads on and tells nothing, so that nobody is told of it once they are.
    """
    sealed, entered = end_of_log()
    here, _begins = Follower.objects.get_or_create(id=1, defaults={"next_index": sealed, "above_seq": entered})
    told = 0
    while here.next_index < sealed:
        until = min(here.next_index + BATCH, sealed)
        sealed_here = alerts_sealed(here.next_index, until=until, above_seq=here.above_seq) if are_told() else []
        happened = occasions_of(_unusual(sealed_here))
        for occasions, end in in_steps(happened, until=until, size=AT_ONCE):
            told += _tell({one: happened[one] for one in occasions}, here, until=end, at=at)
    return told


def switch_letters_on(by: PersonActor, *, at: datetime) -> None:
    """From now on a letter says as well that there is a message about unusual use. Again changes nothing.

    Raises NotFound where no alerts are declared: a choice is kept of what is offered alone.
    """
    if not are_told():
        raise NotFound(code="no_alerts")
    with transaction.atomic():
        lock_self(by.person_id, by=by)
        Letters.objects.get_or_create(person_id=by.person_id, defaults={"since_at": at})


def switch_letters_off(by: PersonActor) -> None:
    """No more letters; messages in the service go on. Again changes nothing."""
    Letters.objects.filter(person_id=by.person_id).delete()


def purge_told(*, at: datetime) -> int:
    """Forget what was told days ago: how many."""
    deleted, _ = Told.objects.filter(day__lt=localdate(at - TOLD_KEPT)).delete()
    return deleted


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Nothing more is kept for telling this person anything."""
    Told.objects.filter(person_id=person_id).delete()
    Letters.objects.filter(person_id=person_id).delete()


def _unusual(alerting: Sequence[Alerting]) -> list[Alerting]:
    """Without refusals of what the asker may have had until not long ago: it cannot know at once that it ended."""
    expected = asked_as_before(one.entry for one in alerting if one.alert == LOOK_REFUSED)
    return [one for one in alerting if one.entry.id not in expected]


def _tell(happened: Mapping[Occasion, Happened], here: Follower, *, until: int, at: datetime) -> int:
    """Tell of these and read on from `until`: both or neither. Nothing where another process did it meanwhile."""
    with transaction.atomic():
        moved = Follower.objects.filter(id=here.id, next_index=here.next_index).update(next_index=until)
        made = _post(happened, at=at) if moved and happened else 0
    here.next_index = until
    return made


def _post(happened: Mapping[Occasion, Happened], *, at: datetime) -> int:
    """Post what may be told now, and note it. Cards without an account are nobody's, so nobody is told of theirs."""
    people = _reached({one.person_id for one in happened})
    day = localdate(at)
    today = list(Told.objects.filter(person_id__in=Among(people), day=day))
    told = [Occasion(one.person_id, one.alert, one.third_party_id) for one in today]
    fresh = to_tell([one for one in happened if one.person_id in people], told)
    contexts, wanting = _contexts(fresh, happened), wanting_letters(people)
    letters = Counter((one.person_id, one.alert) for one in today if one.by_letter)
    for one in fresh:
        post_message(one.alert, person_id=one.person_id, context=contexts[one], at=at)
        by_letter = one.person_id in wanting and letters[one.person_id, one.alert] < LETTERS_A_DAY
        if by_letter:
            letters[one.person_id, one.alert] += 1
            _post_letter(one.person_id, at=at)
        Told.objects.create(**one._asdict(), day=day, by_letter=by_letter)
    return len(fresh)


def _reached(person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these subjects who are people with an account and may be told, held until the transaction ends."""
    staying = {person.id for person in lock_people(person_ids).values() if person.state in ("active", "restricted")}
    return reached_by(staying, ALERTS, channel="in_service")


def _contexts(fresh: Iterable[Occasion], happened: Mapping[Occasion, Happened]) -> dict[Occasion, dict[str, str]]:
    """What the words of each message need: names, numbers and codes; never a value."""
    pairs = {one: Pair(one.person_id, one.third_party_id) for one in fresh}
    known, names = relations(pairs.values()), names_of({one.third_party_id for one in pairs})
    return {
        one: {
            "company": names[one.third_party_id].name if one.third_party_id in names else "",
            "third_party_id": str(one.third_party_id),
            "entry_id": str(happened[one].entry.id),
            "entry_kind": happened[one].entry.kind,
            "reason": str(happened[one].entry.payload.get("reason", "")),
            "times": str(happened[one].times),
            "number": known[pair].member_number if pair in known else "",
        }
        for one, pair in pairs.items()
    }


def _post_letter(person_id: UUID, *, at: datetime) -> None:
    """It names nobody and says nothing but that there is a message: mail can be read on its way."""
    addressee = addressee_of(person_id)
    if addressee is not None:
        account_id, language = addressee
        post_letter(LETTER, owner_id=account_id, language=language, context={}, purpose=ALERTS, at=at)

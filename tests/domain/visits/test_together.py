"""Many terminals at once: one batch, shared commits, and nobody's mistake is anybody else's."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.models import Entry
from kliento.domain.cards.queries import card_number
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.visits.actions import Upload, handed_together, record_scans, record_together
from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotFound
from tests import programmes, taps
from tests.taps import later
from tests.world import NOON, REGISTER_HOLDER, Place, kahvila_kaisa, kuntosali_kunto, place


def _people(count: int) -> list:
    return [taps.cardholder(f"p{number}@example.fi") for number in range(count)]


def _cafes(count: int, *, at: datetime = NOON) -> list[Place]:
    return [place(f"Shop {n}", _business_id(7_000_000 + n), "Here", at=at) for n in range(count)]


def _business_id(number: int) -> str:
    """The next Finnish business ID from this number on whose check digit exists."""
    while True:
        weights = zip(f"{number:07}", (7, 9, 10, 5, 8, 4, 2), strict=True)
        rest = sum(int(digit) * weight for digit, weight in weights) % 11
        if rest != 1:
            return f"{number:07}-{11 - rest if rest else 0}"
        number += 100


def _upload(person, till: Place, *, at: datetime = NOON) -> Upload:
    return Upload(till.terminal, [taps.scan(taps.code_of(person, at=at), occurred_at=at)])


def test_each_terminal_of_a_batch_gets_the_answers_to_its_own_scans(db):
    cafe, gym, (aino, eino) = kahvila_kaisa(), kuntosali_kunto(), _people(2)
    taps.share(aino, cafe, "first_name")
    programmes.takes(aino, programmes.offered(cafe))
    at_cafe, at_gym, both = record_scans(
        [_upload(aino, cafe), _upload(eino, gym), Upload(gym.terminal, [taps.scan("K1NOTACARDATALL0")])], at=NOON
    )
    assert (at_cafe.scans[0].values, at_cafe.scans[0].stamps.balance) == ({"first_name": "Aino"}, 1)
    assert (at_gym.scans[0].outcome, at_gym.scans[0].values, at_gym.scans[0].stamps) == (Outcome.IDENTIFIED, {}, None)
    assert both.scans[0].outcome is Outcome.UNKNOWN
    assert set(Visit.objects.values_list("third_party_id", "premises_id")) == {
        (cafe.third_party_id, cafe.terminal.premises_id),
        (gym.third_party_id, gym.terminal.premises_id),
    }


def test_one_person_at_two_tills_in_one_batch_is_two_visits_and_one_code_is_used_once(db):
    cafe, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    code = taps.code_of(aino)
    first, second = taps.scan(code), taps.scan(code, occurred_at=later(seconds=5))
    other = taps.scan(taps.code_of(aino, at=later(seconds=30)), occurred_at=later(seconds=30))
    answers = record_scans([Upload(gym.terminal, [second, other]), Upload(cafe.terminal, [first])], at=later(minutes=1))
    assert [scan.outcome for answer in answers for scan in answer.scans] == [
        Outcome.REPLAYED,
        Outcome.IDENTIFIED,
        Outcome.IDENTIFIED,
    ]
    assert Visit.objects.count() == 2


def test_unknown_codes_are_counted_for_each_terminal(db):
    cafe, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    guesses = [taps.scan(f"K1GUESS{number:09}") for number in range(31)]
    guessing, serving = record_scans([Upload(gym.terminal, guesses), _upload(aino, cafe, at=later(seconds=1))], at=NOON)
    assert [scan.outcome for scan in guessing.scans].count(Outcome.TRY_LATER) == 1
    assert serving.scans[0].outcome is Outcome.IDENTIFIED


def test_a_terminal_revoked_after_it_was_let_in_records_nothing_and_its_companions_do(db):
    cafe, gym, (aino, eino) = kahvila_kaisa(), kuntosali_kunto(), _people(2)
    recipients.revoke_terminal(gym.terminal.terminal_id, by=REGISTER_HOLDER, at=NOON)
    refused, stands = record_scans([_upload(eino, gym), _upload(aino, cafe)], at=later(seconds=1))
    assert isinstance(refused.refusal, NotFound)
    assert (refused.refusal.code, refused.scans) == ("terminal_unknown", ())
    assert stands.scans[0].outcome is Outcome.IDENTIFIED
    assert Visit.objects.count() == Scan.objects.count() == 1


def test_an_upload_that_is_none_is_refused_alone(db):
    cafe, aino = kahvila_kaisa(), taps.aino()
    empty, stands = record_scans([Upload(cafe.terminal, []), _upload(aino, cafe)], at=NOON)
    assert isinstance(empty.refusal, Invalid)
    assert stands.scans[0].outcome is Outcome.IDENTIFIED


@pytest.mark.parametrize("terminals", [1, 10])
def test_a_batch_of_any_size_and_number_of_terminals_takes_at_most_twelve_statements(db, terminals):
    tills, people = _cafes(terminals), _people(20)
    for number, till in enumerate(tills):
        owner = programmes.owner_of(till, f"owner{number}@example.fi")
        programme = programmes.coffee_card(owner, needed=100)
        for person in people:
            taps.share(person, till, "first_name")
            programmes.takes(person, programme)
    counts = []
    for size, start in ((terminals, later(hours=1)), (50, later(hours=2)), (500, later(hours=20))):
        uploads = [
            Upload(
                till.terminal,
                [
                    taps.scan(taps.code_of(people[place % 20], at=at), occurred_at=at)
                    for place in range(number, size, terminals)
                    for at in [start - timedelta(seconds=30 * (place // 20))]
                ],
            )
            for number, till in enumerate(tills)
        ]
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            results = record_scans(uploads, at=start)
        assert {scan.outcome for result in results for scan in result.scans} == {Outcome.IDENTIFIED}
        counts.append(len(_statements(main)) + len(_statements(keys)))
    assert set(counts) == {12}


def test_sixteen_tills_at_once_each_get_their_own_durable_answer(db):
    started = now()
    tills, people = _cafes(16, at=started), _people(16)
    work = [
        (tills[(number + turn) % 16], person, taps.scan(taps.code_of(person, at=at), occurred_at=at))
        for turn, at in enumerate([started - timedelta(minutes=minutes) for minutes in (30, 15, 0)])
        for number, person in enumerate(people)
    ]
    for till, person, _scan in work:
        taps.share(person, till, "first_name", at=started)

    def show(one):
        till, _person, scan = one
        [answer] = record_together([scan], by=till.terminal, at=now())
        stood = Scan.objects.filter(terminal_id=till.terminal.terminal_id, id=scan.id).exists()
        connections.close_all()
        return answer, stood

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(show, work))
    assert {(answer.outcome, stood) for answer, stood in answers} == {(Outcome.IDENTIFIED, True)}
    assert [answer.id for answer, _ in answers] == [scan.id for _, _, scan in work]
    assert Visit.objects.count() == Scan.objects.count() == len(work)
    numbers: dict = {}
    for subject_id, number in Entry.objects.values_list("subject_id", "number"):
        numbers.setdefault(subject_id, []).append(number)
    assert all(sorted(counted) == list(range(1, len(counted) + 1)) for counted in numbers.values())


def test_the_same_scan_sent_by_many_threads_is_one_visit_with_one_answer(db):
    till, aino = kahvila_kaisa(at=now()), taps.aino(at=now())
    scan = taps.scan(taps.code_of(aino, at=now()), occurred_at=now())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: record_together([scan], by=till.terminal, at=now())[0], range(8)))
    assert len({(answer.outcome, answer.visit_id) for answer in answers}) == 1
    assert answers[0].outcome is Outcome.IDENTIFIED
    assert Visit.objects.count() == 1


def test_a_long_upload_is_judged_as_if_it_came_in_one_piece(db):
    """People come and go at a gym for hours without a network; what its till brings stands in no order."""
    first = now() - timedelta(hours=6)
    gym = kuntosali_kunto(at=first)
    recipients.count_stays(gym.premises_id, stays=True, by=REGISTER_HOLDER, at=first)
    terminal = terminal_actor(gym.secret)
    numbers = [card_number(taps.cardholder(f"p{number}@example.fi", at=first)) for number in range(30)]
    scans = [
        taps.scan(numbers[place % 30], occurred_at=first + timedelta(minutes=place, seconds=place % 30))
        for place in range(350)
    ]
    sent = sorted(scans, key=lambda one: one.id.int & 0xFFFFFFFF)
    answers = record_together(sent, by=terminal, at=now())
    assert [answer.id for answer in answers] == [scan.id for scan in sent]
    found = {answer.id: answer.outcome for answer in answers}
    ways = [Outcome.IDENTIFIED, Outcome.LEFT]
    assert [found[scan.id] for scan in scans] == [ways[place // 30 % 2] for place in range(350)]
    assert record_together(sent, by=terminal, at=now()) == answers


def test_the_few_scans_at_the_end_of_a_long_upload_do_not_overtake_the_many_before_them(db):
    """Few are light, and what is light goes before what is heavy, or beside it: not what belongs to one upload."""
    first = now() - timedelta(hours=6)
    gym, cafe = kuntosali_kunto(at=first), kahvila_kaisa(at=first)
    recipients.count_stays(gym.premises_id, stays=True, by=REGISTER_HOLDER, at=first)
    people = [taps.cardholder(f"p{number}@example.fi", at=first) for number in range(65)]
    numbers = [card_number(person) for person in people]
    come_and_go = [
        taps.scan(numbers[place % 65], occurred_at=first + timedelta(minutes=place, seconds=place % 65))
        for place in range(130)
    ]
    before = [taps.scan(number, occurred_at=first + timedelta(minutes=5)) for number in numbers[:40]]
    with ThreadPoolExecutor(2) as pool, transaction.atomic():
        list(Visit.objects.all())  # on SQLite nobody writes meanwhile, and all of it waits together
        busy = pool.submit(record_together, before, by=cafe.terminal, at=now())
        time.sleep(0.2)
        coming = pool.submit(record_together, come_and_go, by=terminal_actor(gym.secret), at=now())
        time.sleep(0.5)
        transaction.set_rollback(True)
    assert {answer.outcome for answer in busy.result()} == {Outcome.IDENTIFIED}
    outcomes = [answer.outcome for answer in coming.result()]
    assert outcomes == [Outcome.IDENTIFIED] * 65 + [Outcome.LEFT] * 65


def test_one_poisoned_upload_fails_alone(db):
    """A time that no database holds is refused long before; should such a thing slip through, it hurts nobody else."""
    tills, people = _cafes(15, at=now()), _people(15)
    poison = taps.scan("K1NOTACARDATALL0", occurred_at=datetime.max.replace(tzinfo=UTC), scan_id=taps.scan("x").id)
    shown = [taps.scan(taps.code_of(person, at=now()), occurred_at=now()) for person in people]

    def show(place: int):
        if place == 7:
            with pytest.raises(OverflowError):
                record_together([poison], by=tills[7].terminal, at=now())
            return None
        return record_together([shown[place]], by=tills[place].terminal, at=now())[0].outcome

    with ThreadPoolExecutor(16) as pool:
        outcomes = [outcome for outcome in pool.map(show, [*range(7), 7, *range(8, 15)]) if outcome]
    assert outcomes == [Outcome.IDENTIFIED] * 14


class _Raw:
    """A small upload that is read by whoever records it."""

    def __init__(self, read) -> None:
        self.scans = read

    def said(self, results) -> list:
        return [result.outcome for result in results]


def test_what_cannot_be_read_is_told_its_sender_alone(db):
    tills, people = _cafes(14, at=now()), _people(7)
    shown = [taps.scan(taps.code_of(person, at=now()), occurred_at=now()) for person in people]
    mistakes = [ValueError, RecursionError, Invalid]

    def unreadable(place: int) -> list:
        raise mistakes[place % 3]

    def show(place: int) -> object:
        number, is_good = place // 2, place % 2 == 0
        asking = _Raw(lambda: [shown[number]] if is_good else unreadable(number))
        answer = handed_together(asking, by=tills[place].terminal, at=now()).answered()
        return type(answer) if isinstance(answer, Exception) else answer

    with ThreadPoolExecutor(14) as pool:
        answers = list(pool.map(show, range(14)))
    assert answers[::2] == [[Outcome.IDENTIFIED]] * 7
    assert answers[1::2] == [mistakes[number % 3] for number in range(7)]
    assert Scan.objects.count() == 7


def test_an_answer_that_cannot_be_made_is_raised_alone_and_nothing_is_recorded_again(db):
    tills, people = _cafes(12, at=now()), _people(12)
    shown = [taps.scan(taps.code_of(person, at=now()), occurred_at=now()) for person in people]
    said: list[int] = []

    class Told(_Raw):
        def __init__(self, place: int) -> None:
            super().__init__(lambda: [shown[place]])
            self.place = place

        def said(self, results) -> list:
            said.append(self.place)
            if self.place == 5:
                raise ZeroDivisionError
            return super().said(results)

    def show(place: int) -> object:
        return handed_together(Told(place), by=tills[place].terminal, at=now()).answered()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(show, range(12)))
    assert isinstance(answers[5], ZeroDivisionError)
    assert [place for place, answer in enumerate(answers) if answer != [Outcome.IDENTIFIED]] == [5]
    assert sorted(said) == list(range(12))
    assert Visit.objects.count() == 12


def test_an_upload_that_needs_no_recording_is_answered_all_the_same(db):
    assert handed_together(_Raw(list), by=kahvila_kaisa().terminal, at=now()).answered() == []


def _statements(captured: CaptureQueriesContext) -> list[str]:
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured if not query["sql"].lstrip().startswith(control)]

"""Messages in the service: sealed, of one person alone, deleted by them, by the clock and with the account."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from kliento.domain.dispatch.actions import post_letter, tell_of_end
from kliento.domain.dispatch.models import Letter
from kliento.domain.inbox.actions import delete_message, mark_read, post_message, purge_messages
from kliento.domain.inbox.models import Message
from kliento.domain.inbox.queries import known_kinds, message_of, messages_of, unread_count
from kliento.domain.inbox.rules import MESSAGES, MessageKind
from kliento.domain.outbox.actions import run_due, work_off
from kliento.domain.people.actions import restrict_use
from kliento.domain.policy.queries import register
from kliento.domain.questions.actions import ask_member, close_question, make_question
from kliento.domain.rights.actions import close_account, download
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotFound
from tests.databases import Databases
from tests.world import NOON, aino, eino, kahvila_kaisa, operator, relation_of, shares, stores

pytestmark = pytest.mark.both_engines
DAY = timedelta(days=1)


@pytest.fixture
def me(db):
    return aino(at=now())


def told(me, company: str = "Kahvila Kaisa", *, at=NOON) -> None:
    context = {"company": company, "question_id": "01a208ed-0000-7000-8000-000000000001"}
    post_message("asked", person_id=me.person_id, context=context, at=at)


def test_a_message_is_the_persons_alone_until_they_delete_it(me):
    told(me)
    [message] = messages_of(me, limit=9)
    assert (message.subject, message.read_at) == ("Kahvila Kaisa asks for your details", None)
    assert '<a href="/me/questions/01a208ed-0000-7000-8000-000000000001">' in message.body
    other = eino(at=now())
    assert messages_of(other, limit=9) == []
    mark_read(message.id, by=other, at=now())
    assert message_of(me, message.id).read_at is None
    for refused in (
        lambda: message_of(other, message.id),
        lambda: messages_of(other, before=message.id, limit=9),
        lambda: delete_message(message.id, by=other),
    ):
        with pytest.raises(NotFound):
            refused()
    delete_message(message.id, by=me)
    assert messages_of(me, limit=9) == []


def test_opening_it_counts_as_read_once(me):
    told(me)
    told(me)
    assert unread_count(me) == 2
    newest = messages_of(me, limit=9)[0]
    mark_read(newest.id, by=me, at=NOON)
    mark_read(newest.id, by=me, at=NOON + DAY)
    assert (message_of(me, newest.id).read_at, unread_count(me)) == (NOON, 1)


def test_pages_go_on_behind_the_last_message_and_miss_none(me):
    for number in range(7):
        told(me, f"Yritys {number}", at=NOON + DAY * (number // 2))  # two at the same moment
    seen, before = [], None
    while page := messages_of(me, before=before, limit=3):
        seen += [message.subject for message in page]
        before = page[-1].id
    assert sorted(seen) == sorted(f"Yritys {number} asks for your details" for number in range(7))
    assert seen[0] == "Yritys 6 asks for your details"


def test_a_list_takes_as_few_statements_however_many_there_are(me):
    def statements() -> int:
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            messages_of(me, limit=50)
        return len(main) + len(keys)

    told(me)
    few = statements()
    for _ in range(9):
        told(me)
    assert statements() == few <= 3


def test_what_it_tells_stands_nowhere_in_clear(me, db: Databases):
    told(me, "Hyvin Salainen Klinikka")
    assert "Salainen" not in repr(list(Message.objects.values()))
    [message] = Message.objects.all()
    assert b"Salainen" not in bytes(message.sealed)


def test_it_reads_in_the_language_of_the_page(me):
    told(me)
    with override("fi"):
        assert messages_of(me, limit=9)[0].subject == "Kahvila Kaisa pyytää tietojasi"


def test_what_somebody_else_wrote_is_words_and_no_markup(me):
    told(me, "<script>alert(1)</script>")
    [message] = messages_of(me, limit=9)
    assert "<script>" not in message.body
    assert "&lt;script&gt;" in message.body


# --- what is told


def test_a_letter_about_the_account_stands_here_in_the_same_words_whether_or_not_it_arrives(me):
    post_letter("secret_changed", owner_id=me.account_id, language="en", context={"door": "me"}, at=now())
    Letter.objects.all().delete()  # it never arrives
    [message] = messages_of(me, limit=9)
    assert message.subject == "The way you sign in has been changed"
    assert "All other sessions were signed out." in message.body
    assert "<html" not in message.body


@pytest.mark.parametrize("kind", ["signup_code", "reset_code", "address_code"])
def test_what_signs_somebody_in_is_no_message(me, kind):
    assert kind not in known_kinds()
    post_letter(kind, owner_id=me.account_id, language="en", context={"code": "123456", "minutes": "15"}, at=now())
    assert messages_of(me, limit=9) == []


def test_the_end_of_sharing_is_told_here_too(me):
    kaisa = kahvila_kaisa(at=now())
    shares(stores(me, first_name="Aino"), kaisa, "first_name", until=now() + 30 * DAY)
    tell_of_end(relation_of(me, kaisa).relationship_id, at=now() + 24 * DAY)
    assert messages_of(me, limit=9)[0].subject.startswith("Something you share ends on")


def test_a_question_is_told_once_and_not_when_it_is_withdrawn_by_then(me):
    kaisa = kahvila_kaisa(at=now())
    shares(stores(me, first_name="Aino"), kaisa, "first_name")
    owner, number = operator(kaisa), relation_of(me, kaisa).member_number
    first, second = (
        make_question(owner, purpose="serving", reason=reason, needed=["phone"], at=now())
        for reason in ("To call.", "So.")
    )
    ask_member(second.id, number, owner, at=now())
    close_question(second.id, owner, at=now())
    for _ in range(2):
        ask_member(first.id, number, owner, at=now())
        work_off(at=now())
    [message] = messages_of(me, limit=9)
    assert str(first.id) in message.body


def test_restriction_does_not_keep_messages_from_their_person(me):
    restrict_use(me.person_id, by=me, at=now())
    told(me)
    assert len(messages_of(me, limit=9)) == 1


# --- how it ends


def test_it_goes_when_its_declared_time_is_over(me):
    days = register().retention[MESSAGES].days
    assert days
    told(me, at=now() - timedelta(days=days + 1))
    told(me, at=now() - timedelta(days=days - 1))
    assert purge_messages(at=now()) == 1
    assert purge_messages(at=now()) == 0
    assert len(messages_of(me, limit=9)) == 1
    assert "inbox.purge_messages" in run_due(at=now())


def test_it_is_in_the_download_in_words(me):
    told(me, at=now())
    [message] = download(me, at=now())["messages"]
    assert (message["kind"], message["subject"]) == ("asked", "Kahvila Kaisa asks for your details")
    assert "See the question" in message["text"]


def test_it_goes_with_the_account_and_nothing_is_told_to_who_left(me):
    told(me)
    close_account(me, language="en", at=now())
    assert not Message.objects.exists()
    told(me)
    assert not Message.objects.exists()


def test_an_unknown_kind_is_refused(me):
    with pytest.raises(Invalid):
        post_message("gossip", person_id=me.person_id, context={}, at=NOON)


@pytest.mark.parametrize("left_out", ["code", "template"])
def test_a_kind_says_all_of_itself(left_out):
    said = {"code": "news", "template": "dispatch/news"} | {"__qualname__": "News"}
    said.pop(left_out)
    with pytest.raises(TypeError):
        type("News", (MessageKind,), said)

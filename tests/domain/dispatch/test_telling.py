"""Letters that tell operators and people what happened to sharing: counts and links, never what was shared."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from kliento.domain.dispatch import tasks
from kliento.domain.dispatch.actions import post_to_operators, tell_of_end
from kliento.domain.outbox.actions import enqueue, work_off
from kliento.domain.outbox.models import Item
from kliento.domain.outbox.rules import Work
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.actions import change_end, confirm_deletion, end_grant, stop_company
from kliento.domain.sharing.queries import notices_of, open_notices
from kliento.kernel.clock import now
from tests.databases import Databases
from tests.mailing import Postbox, mail_server
from tests.world import NOON, aino, asked, kahvila_kaisa, operator, relation_of, shares, stores


@pytest.fixture
def server(db: Databases, settings: Settings) -> Iterator[Postbox]:
    with mail_server() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        yield postbox


def said(server: Postbox) -> list[str]:
    """What the mails so far say, as text, with their subjects."""
    bodies = [message.get_body(("plain",)) for message in server.messages]
    return [f"{mail['Subject']}\n{body.get_content()}" for mail, body in zip(server.messages, bodies, strict=True)]


def test_operators_who_answer_notices_get_one_mail_that_names_nothing(server: Postbox) -> None:
    kaisa = kahvila_kaisa()
    for role in ("owner", "manager", "till", "analyst"):
        operator(kaisa, role=role)
    me = shares(stores(aino(), phone="+358401234567", nickname="Ainska"), kaisa, "phone", "nickname")
    assert len(asked(kaisa, me, "phone", "nickname")) == 2
    for field in ("phone", "nickname"):
        end_grant(me.person_id, kaisa.third_party_id, field, by=me, at=now())
    work_off(at=now())
    mails = said(server)
    assert len(mails) == 2  # to the owner and the manager, for both notices
    for mail in mails:
        assert "Kahvila Kaisa" in mail
        assert "2" in mail
        assert "/partner/notices" in mail
        assert not any(word in mail.casefold() for word in ("ainska", "358", "phone", "nickname"))
    assert all(notice.announced_at for notice in notices_of(me.person_id, kaisa.third_party_id))


def test_what_was_confirmed_before_the_mail_left_is_not_announced(server: Postbox) -> None:
    kaisa = kahvila_kaisa()
    kaisas = operator(kaisa)
    me = shares(stores(aino(), phone="+358401234567"), kaisa, "phone")
    assert asked(kaisa, me, "phone")
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=now())
    [notice] = open_notices(kaisa.third_party_id, limit=5)
    confirm_deletion(notice.id, by=kaisas, at=now())
    work_off(at=now())
    assert server.messages == []


def test_notices_wait_unannounced_while_there_is_nobody_to_tell(server: Postbox) -> None:
    kaisa = kahvila_kaisa()
    me = shares(stores(aino(), phone="+358401234567"), kaisa, "phone")
    assert asked(kaisa, me, "phone")
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=now())
    work_off(at=now())
    [notice] = notices_of(me.person_id, kaisa.third_party_id)
    assert (notice.announced_at, notice.confirmed_at) == (None, None)


def test_nobody_of_a_third_party_that_lost_its_approval_is_written_to(server: Postbox) -> None:
    kaisa = kahvila_kaisa()
    operator(kaisa)
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    assert post_to_operators("card_out_of_use", kaisa.third_party_id, Right.ANSWER_NOTICES, context={}, at=now()) == 0


def test_a_person_is_reminded_of_the_day_and_not_of_the_company(server: Postbox) -> None:
    kaisa, ends_at = kahvila_kaisa(), datetime(2026, 12, 24, 22, 30, tzinfo=UTC)
    me = shares(aino(), kaisa, "phone", until=ends_at)
    a_week_before = ends_at - timedelta(days=7)
    tell_of_end(relation_of(me, kaisa).relationship_id, at=a_week_before)
    work_off(at=a_week_before)
    [mail] = said(server)
    assert "25 December 2026" in mail.splitlines()[0]  # in Helsinki it is the next day already
    assert "/me/sharing" in mail
    assert not any(word in mail.casefold() for word in ("kaisa", "phone"))
    assert server.recipients == [["aino@example.fi"]]


def test_an_end_that_was_put_off_or_came_before_the_letter_is_not_reminded_of(server: Postbox) -> None:
    kaisa, ends_at = kahvila_kaisa(), NOON + timedelta(days=30)
    me = shares(aino(), kaisa, "phone", until=ends_at)
    relationship_id = relation_of(me, kaisa).relationship_id
    tell_of_end(relationship_id, at=ends_at)
    change_end(me.person_id, kaisa.third_party_id, "phone", until=None, by=me, at=NOON)
    tell_of_end(relationship_id, at=ends_at - timedelta(days=7))
    work_off(at=ends_at)
    assert server.messages == []


def test_a_crash_after_the_reminder_was_written_sends_no_second_one(server: Postbox, monkeypatch) -> None:
    kaisa, ends_at = kahvila_kaisa(), NOON + timedelta(days=30)
    me, a_week_before = shares(aino(), kaisa, "phone", until=ends_at), ends_at - timedelta(days=7)
    enqueue("sharing_ends", ref=str(relation_of(me, kaisa).relationship_id), subject_id=me.person_id, at=a_week_before)
    item = Item.objects.get(kind="sharing_ends")
    work = Work(item.id, item.kind, item.ref, item.subject_id, item.attempts)
    monkeypatch.setattr(tasks, "now", lambda: a_week_before)
    for _ in range(2):  # the second time is whoever takes the lease over
        tasks.tell_of_end(work)
        work_off(at=a_week_before)
    assert len(said(server)) == 1

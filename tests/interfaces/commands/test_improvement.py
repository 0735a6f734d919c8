"""`kliento usage` and `kliento feedback`: what the register holder learns of how the service is used."""

import pytest
from django.core.management import CommandError, call_command

from kliento.domain.consents.actions import object_to
from kliento.domain.improvement.actions import count_view, send_feedback, write_counts
from kliento.domain.improvement.models import UsageDay
from kliento.kernel.actor import Visitor
from kliento.kernel.clock import now
from tests.world import aino, eino


def test_usage_is_shown_page_by_page(db, capsys):
    write_counts()
    UsageDay.objects.all().delete()
    for page in ("public:notice", "public:start", "public:start"):
        count_view(page, headers={}, by=Visitor(), at=now())
    write_counts()
    call_command("usage", "--days", "1")
    assert capsys.readouterr().out.split() == ["2", "public:start", "1", "public:notice"]


def test_without_counts_usage_says_so(db, capsys):
    call_command("usage")
    assert "No page was counted" in capsys.readouterr().out


@pytest.mark.parametrize("days", ["0", "-1", "many", "401"])
def test_days_that_are_none_are_wrong_use(db, days):
    with pytest.raises(CommandError):
        call_command("usage", "--days", days)


def test_feedback_is_shown_without_names(db, capsys):
    me, other = aino(at=now()), eino(at=now())
    send_feedback(me.person_id, "More window tables.", by=me, at=now())
    send_feedback(other.person_id, "Thank you.", by=other, at=now())
    object_to(other.person_id, "insight", by=other, at=now())
    call_command("feedback")
    said = capsys.readouterr().out
    assert "More window tables." in said
    assert "1 shown." in said
    assert "Thank you." not in said
    assert str(me.person_id) not in said

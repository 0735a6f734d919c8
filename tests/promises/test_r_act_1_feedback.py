"""R-ACT-1 for feedback: no text reaches the register holder before its reading is entered with its writer."""

from django.core.management import call_command

from kliento.domain.activity.queries import entries_of
from kliento.domain.activity.rules import EntryView
from kliento.domain.improvement.actions import read_feedback, send_feedback
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.world import REGISTER_HOLDER, aino, eino


def looks_at(person: PersonActor) -> list[EntryView]:
    """The entries that say the register holder read something of theirs."""
    return [entry for entry in entries_of([person.person_id]) if entry.kind == "read_by_holder"]


def test_every_reading_is_entered_with_field_purpose_and_basis(db, capsys):
    me, other = aino(at=now()), eino(at=now())
    send_feedback(me.person_id, "More window tables.", by=me, at=now())
    for readings in (1, 2):
        call_command("feedback")
        assert "More window tables." in capsys.readouterr().out
        assert len(looks_at(me)) == readings
    assert {(entry.fields, entry.purpose, entry.basis) for entry in looks_at(me)} == {
        (("feedback",), "insight", "legitimate_interest")
    }
    assert looks_at(other) == []


def test_the_entry_stands_before_the_first_text_is_handed_out(db):
    writers = [aino(at=now()), eino(at=now())]
    for writer in writers:
        send_feedback(writer.person_id, "Thank you.", by=writer, at=now())
    for _text in read_feedback(by=REGISTER_HOLDER, at=now()):
        assert [len(looks_at(writer)) for writer in writers] == [1, 1]

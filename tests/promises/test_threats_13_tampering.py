"""Threat 13: the log is changed, cut short, rolled back or signed anew by the database's owner, who has the key, too.

What a witness keeps (a till, a phone, a file elsewhere) tells.
"""

import pytest
from django.db import connection

from kliento.domain.activity.actions.publishing import published_notes
from kliento.domain.activity.actions.sealing import begin_epoch
from kliento.domain.activity.models import Entry, Leaf
from kliento.domain.activity.queries.proving import signing_key
from kliento.domain.activity.queries.verifying import find_tampering
from kliento.domain.activity.rules import notes
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id
from tests.sealed import seal
from tests.tampering import AT, COUNT, VICTIM, Log, as_owner, demand_named, entered, found, rewritten, sealed_log


@pytest.fixture
def log(db) -> Log:
    return sealed_log()


def test_an_entry_put_among_sealed_ones_is_named(log):
    middle = Entry.objects.get(id=Leaf.objects.get(index=VICTIM).entry_id)
    as_owner("DELETE FROM activity_entry WHERE seq = %s", (middle.seq,))
    put = Entry(seq=middle.seq, xid=middle.xid, subject_id=new_id(), number=1, kind="visit", at=AT, salt=bytes(16))
    put.payload = {}
    put.save(force_insert=True)
    demand_named(log, f"entry {put.id}")


def test_two_entries_that_change_places_are_named(log):
    first, second = (Leaf.objects.get(index=index) for index in (VICTIM, VICTIM + 1))
    for leaf, index in ((first, -1), (second, VICTIM), (first, VICTIM + 1)):
        Leaf.objects.filter(entry_id=leaf.entry_id).update(index=index)
    demand_named(log, "entries 0 to", f"leaf {VICTIM}")


def test_a_log_cut_short_is_named(log):
    rewritten(upto=VICTIM)
    demand_named(log, "are gone (rolled_back)")


def test_a_log_rewritten_and_signed_anew_is_named(log):
    """With the holder's own key and everything recomputed: only who saw the first version can tell."""
    victim = Entry.objects.get(id=Leaf.objects.get(index=VICTIM).entry_id)
    as_owner("UPDATE activity_entry SET purpose = 'another' WHERE seq = %s", (victim.seq,))
    rewritten()
    assert found() == []
    demand_named(log, "are not those the witness saw (rewritten)")


def test_the_place_is_as_narrow_as_the_witness_allows(log, settings):
    [file] = (settings.KLIENTO_DATA / "checkpoints").iterdir()
    seen = list(notes.notes_in(file.read_text()))
    sizes = [notes.read(note).size for note in seen]
    victim = Entry.objects.get(id=Leaf.objects.get(index=VICTIM).entry_id)
    as_owner("UPDATE activity_entry SET purpose = 'another' WHERE seq = %s", (victim.seq,))
    rewritten()
    before, after = max(size for size in sizes if size <= VICTIM), min(size for size in sizes if size > VICTIM)
    assert any(f"entries {before} to {after - 1} are not those" in finding for finding in found(*seen))


def test_a_rolled_back_log_that_went_on_is_named(log):
    rewritten(upto=VICTIM)
    entered(log.aino, COUNT * 2)
    rewritten(reseal=True)
    demand_named(log, "are not those the witness saw (rewritten)")


def test_another_key_is_named(log, settings):
    settings.KEYRING.destroy("log-signing")
    rewritten()
    assert any("(foreign_checkpoint)" in finding for finding in found(log.witnessed))


def test_a_checkpoint_of_another_epoch_is_refused(log):
    begin_epoch(at=AT)
    seal(at=AT)
    assert found() == []
    [finding] = found(log.witnessed)
    assert "it is of epoch 1; the log began anew with" in finding
    other = notes.Checkpoint("elsewhere.example/log/1-00000000", COUNT, bytes(32)).signed(signing_key())
    [finding] = found(other)
    assert "of another log" in finding


def beside_the_folder() -> list[str]:
    return [
        str(finding) for finding in find_tampering([], published=published_notes(), progress=lambda done, size: None)
    ]


def test_a_new_epoch_hides_no_rewriting(log):
    """What was published in the epoch before still says what stood there."""
    victim = Entry.objects.get(id=Leaf.objects.get(index=VICTIM).entry_id)
    as_owner("UPDATE activity_entry SET purpose = 'another' WHERE seq = %s", (victim.seq,))
    rewritten()
    assert any("(rewritten)" in finding for finding in beside_the_folder())
    for _ in range(2):
        begin_epoch(at=AT)
        entered(log.aino)
        seal(at=AT)
        assert any("(rewritten)" in finding and "/log/1-" in finding for finding in beside_the_folder())


def test_a_new_epoch_hides_nothing_that_was_cut_off(log):
    rewritten(upto=VICTIM)
    begin_epoch(at=AT)
    entered(log.aino, COUNT * 2)
    seal(at=AT)
    [finding] = beside_the_folder()
    assert f"the log began anew with {VICTIM} of them" in finding
    assert "that were published are gone (rolled_back)" in finding


def test_epochs_that_fit_are_no_finding(log, settings):
    for _ in range(3):
        begin_epoch(at=AT)
        entered(log.aino, 2)
        seal(at=AT)
    assert len(list(published_notes())) == 6
    assert beside_the_folder() == []
    entered(log.aino)
    later = published_notes()
    seal(at=AT)
    assert len(list(later)) == 6  # what comes while it is verified is not asked for


def test_an_epoch_the_log_does_not_know_is_named_once(log, settings):
    folder = settings.KLIENTO_DATA / "checkpoints"
    other = [notes.Checkpoint("x.example/log/2-00000000", size, bytes(32)).signed(signing_key()) for size in (3, 9)]
    (folder / "2-00000000.txt").write_text("\n".join(other))
    [finding] = beside_the_folder()
    assert "of an epoch this log does not know (another_epoch)" in finding


def test_a_rollback_behind_a_new_epoch_is_named(log):
    rewritten(upto=VICTIM)
    begin_epoch(at=AT)
    seal(at=AT)
    [finding] = found(log.witnessed)
    assert f"the log began anew with {VICTIM} of its entries" in finding
    assert "the witness saw are gone" in finding


def test_a_row_emptied_as_if_it_were_erased_is_named(log):
    leaf = Leaf.objects.get(index=VICTIM)
    as_owner(
        "UPDATE activity_entry SET subject_id = NULL, salt = NULL, payload = NULL WHERE id = %s",
        (leaf.entry_id if connection.vendor == "postgresql" else leaf.entry_id.hex,),
    )
    demand_named(log, f"entry {leaf.entry_id}: it was erased, and no sealed entry says so")


def test_a_database_older_than_what_was_published_signs_nothing_more(log):
    rewritten(upto=VICTIM)
    entered(log.aino)
    with pytest.raises(Conflict) as refused:
        seal(at=AT)
    assert refused.value.code == "log_rolled_back"
    assert Leaf.objects.count() == VICTIM

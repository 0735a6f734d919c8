"""Following the log in the order in which it is sealed, which skips no slow transaction and has no gaps."""

from django.db.models import Max

from kliento.domain.activity.models import Entry, Leaf
from kliento.domain.activity.queries.kinds import load_kinds
from kliento.domain.activity.queries.reading import view_of
from kliento.domain.activity.rules import Alerting, Kind, declared_kinds
from kliento.kernel.rows import Among


def end_of_log() -> tuple[int, int]:
    """How many entries are sealed, and the `seq` of what was entered last, sealed or not. Two statements."""
    sealed = Leaf.objects.aggregate(last=Max("index"))["last"]
    entered = Entry.objects.aggregate(last=Max("seq"))["last"]
    return (0 if sealed is None else sealed + 1), entered or 0


def alerts_sealed(from_index: int, *, until: int, above_seq: int) -> list[Alerting]:
    """What was sealed from one place until before another and is an alert to somebody, in that order.

    `above_seq` leaves out what was entered earlier; what was erased meanwhile is nobody's. Two statements.
    """
    load_kinds()
    kinds = [code for code, kind in declared_kinds().items() if type(kind).alerts is not Kind.alerts]
    leaves = Leaf.objects.filter(index__gte=from_index, index__lt=until)
    places = dict(leaves.values_list("entry_id", "index"))
    rows = Entry.objects.filter(id__in=Among(places), kind__in=kinds, subject_id__isnull=False, seq__gt=above_seq)
    views = sorted((view_of(row) for row in rows), key=lambda view: places[view.id])
    judged = (Alerting(places[view.id], declared_kinds()[view.kind].alerts(view), view) for view in views)
    return [one for one in judged if one.alert]

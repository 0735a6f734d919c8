"""What is written about visits.

recording.py   `record_scans`, the hot path
together.py    `record_together`: whoever hands something in at the same moment shares a commit
reading.py     what is handed in, checked before it joins a batch
scans.py       a scan as it is handed in, shown and answered
batch.py       what a batch of them is on its way to its answers
knowing.py     what is known of a batch before it is judged
repeating.py   refusals that somebody can bring about again and again
writing.py     the rows of a batch
overruling.py  an offline use of a code that was not the first
rewarding.py   a reward at the till
bringing.py    stamps of a claimed card that count for its claimer
cancelling.py  undoing a scan at its till
disputing.py   "This wasn't me"
exporting.py   a file for the third party
counting.py    the people of a month that is over
forgetting.py  erasure and retention
"""

from kliento.domain.visits.actions.bringing import bring_stamps, bring_what_stayed
from kliento.domain.visits.actions.cancelling import cancel_visit
from kliento.domain.visits.actions.counting import count_months, count_months_of
from kliento.domain.visits.actions.disputing import dispute_visit
from kliento.domain.visits.actions.exporting import export_visits
from kliento.domain.visits.actions.forgetting import erase_person, forget_visits_of_card, purge_scans
from kliento.domain.visits.actions.recording import record_scans
from kliento.domain.visits.actions.rewarding import redeem_at_till, undo_redemption
from kliento.domain.visits.actions.scans import NewScan, Problem, ScanResult, Upload, UploadResult
from kliento.domain.visits.actions.together import Asking, handed_together, record_together, settle

__all__ = [
    "Asking",
    "NewScan",
    "Problem",
    "ScanResult",
    "Upload",
    "UploadResult",
    "bring_stamps",
    "bring_what_stayed",
    "cancel_visit",
    "count_months",
    "count_months_of",
    "dispute_visit",
    "erase_person",
    "export_visits",
    "forget_visits_of_card",
    "handed_together",
    "purge_scans",
    "record_scans",
    "record_together",
    "redeem_at_till",
    "settle",
    "undo_redemption",
]

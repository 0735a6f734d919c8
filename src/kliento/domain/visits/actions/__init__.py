"""What is written about visits.

recording.py   `record_scans`, the hot path
batch.py       what a batch is on its way through it
exporting.py   a file for the third party
forgetting.py  erasure and retention
"""

from kliento.domain.visits.actions.batch import NewScan, ScanResult
from kliento.domain.visits.actions.exporting import export_visits
from kliento.domain.visits.actions.forgetting import erase_person, purge_scans
from kliento.domain.visits.actions.recording import record_scans

__all__ = ["NewScan", "ScanResult", "erase_person", "export_visits", "purge_scans", "record_scans"]

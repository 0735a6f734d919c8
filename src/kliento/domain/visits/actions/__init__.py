"""What is written about visits.

recording.py   `record_scans`, the hot path
batch.py       what a batch is on its way through it
forgetting.py  erasure and retention
"""

from kliento.domain.visits.actions.batch import NewScan, ScanResult
from kliento.domain.visits.actions.forgetting import erase_person, purge_scans
from kliento.domain.visits.actions.recording import record_scans

__all__ = ["NewScan", "ScanResult", "erase_person", "purge_scans", "record_scans"]

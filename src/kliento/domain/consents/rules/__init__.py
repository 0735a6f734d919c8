"""What can be chosen, and how a choice is proven. Pure.

choices.py   a choice, how it stands, and what its event is known by
receipts.py  the document a person gets for it
"""

from kliento.domain.consents.rules.choices import Choice, Noted, Shown, Standing, row_hash, told_apart
from kliento.domain.consents.rules.receipts import receipt_of

__all__ = ["Choice", "Noted", "Shown", "Standing", "receipt_of", "row_hash", "told_apart"]

"""Reads of the declaration.

declared.py  the register this instance runs by
wording.py   the rules' codes in words
notice.py    the register description and notice, rendered
listing.py   the declared parts beneath its sentences
proof.py     what stands behind each promise
instance.py  what this database holds, as a whole
"""

from kliento.domain.policy.queries.declared import register
from kliento.domain.policy.queries.instance import has_demo_data
from kliento.domain.policy.queries.notice import Notice, as_json, notice
from kliento.domain.policy.queries.wording import check_value, fact_in_words, mechanism_in_words

__all__ = [
    "Notice",
    "as_json",
    "check_value",
    "fact_in_words",
    "has_demo_data",
    "mechanism_in_words",
    "notice",
    "register",
]

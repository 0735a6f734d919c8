"""Reads of the declaration.

declared.py  the register this instance runs by
wording.py   the rules' codes in words
differing.py  a difference between two declarations in words
notice.py    the register description and notice, rendered
record.py     the record of processing activities
published.py  the notices that were ever in force
listing.py   the declared parts beneath its sentences
proof.py     what stands behind each promise
instance.py  what this database holds, as a whole
"""

from kliento.domain.policy.queries.declared import register
from kliento.domain.policy.queries.differing import change_in_words
from kliento.domain.policy.queries.instance import has_demo_data
from kliento.domain.policy.queries.listing import channels_in_words
from kliento.domain.policy.queries.notice import Notice, as_json, notice
from kliento.domain.policy.queries.published import (
    Published,
    PublishedNotice,
    all_published,
    last_published,
    notice_numbers,
    notice_rows,
    own_notice,
    published,
    standing_notices,
    standing_since,
)
from kliento.domain.policy.queries.record import Record, record, record_json
from kliento.domain.policy.queries.wording import check_value, fact_in_words, material_in_words, mechanism_in_words

__all__ = [
    "Notice",
    "Published",
    "PublishedNotice",
    "Record",
    "all_published",
    "as_json",
    "change_in_words",
    "channels_in_words",
    "check_value",
    "fact_in_words",
    "has_demo_data",
    "last_published",
    "material_in_words",
    "mechanism_in_words",
    "notice",
    "notice_numbers",
    "notice_rows",
    "own_notice",
    "published",
    "record",
    "record_json",
    "register",
    "standing_notices",
    "standing_since",
]

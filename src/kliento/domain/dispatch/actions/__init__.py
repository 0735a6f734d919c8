"""Letters posted and delivered; the mailbox that takes them in development.

letters.py   post, deliver, forget
telling.py   what operators have to do, what a person should know
mailbox.py   Django's mail backend of development
"""

from kliento.domain.dispatch.actions.letters import (
    deliver_letter,
    erase_person,
    post_last_letter,
    post_letter,
    purge_letters,
)
from kliento.domain.dispatch.actions.telling import (
    post_to_operators,
    tell_of_deletions,
    tell_of_end,
    tell_of_question,
    tell_of_words,
)

__all__ = [
    "deliver_letter",
    "erase_person",
    "post_last_letter",
    "post_letter",
    "post_to_operators",
    "purge_letters",
    "tell_of_deletions",
    "tell_of_end",
    "tell_of_question",
    "tell_of_words",
]

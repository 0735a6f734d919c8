"""Letters posted and delivered; the mailbox that takes them in development.

letters.py   post, deliver, forget
mailbox.py   Django's mail backend of development
"""

from kliento.domain.dispatch.actions.letters import (
    deliver_letter,
    erase_person,
    post_last_letter,
    post_letter,
    purge_letters,
)

__all__ = ["deliver_letter", "erase_person", "post_last_letter", "post_letter", "purge_letters"]

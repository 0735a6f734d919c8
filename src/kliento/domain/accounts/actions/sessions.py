"""Sessions in our own table: hashed keys, whose they are in a column, a device in two words, no network address.

Named in `settings.SESSION_ENGINE`; Django asks for a class called SessionStore.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from kliento.domain.accounts.models import Session
from kliento.domain.accounts.rules.sessions import LASTS, SESSION_ID_LENGTH, stored_key
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound


class SessionStore(DatabaseSessions):
    """A session of one audience; a cookie of another audience opens nothing.

    `last_seen_at` is that of the stored row, once it has been read.
    """

    last_seen_at: datetime | None = None

    def __init__(self, session_key: str | None = None, *, audience: str = "") -> None:
        self.audience = audience
        super().__init__(session_key)

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        return Session

    def get_session_cookie_age(self) -> int:
        """Seconds; each audience has its own habits."""
        return int(LASTS[self.audience].total_seconds())

    def exists(self, session_key: str) -> bool:
        """Whether a fresh key is taken."""
        return super().exists(stored_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """By the cookie's key; without one, this session."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_key(key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """What is listed and ended by account stands in columns beside the data.

        The clock is asked here: Django saves a session after the view has answered.
        """
        row = cast("Session", super().create_model_instance(data))
        row.session_key = stored_key(row.session_key)
        row.audience = self.audience
        row.device = data.get("device", "")
        whose = data.get("account_id") or data.get("half_in")  # half-way in, too: it ends with the account's others
        row.account_id = UUID(whose) if whose else None
        row.signed_in_at = datetime.fromisoformat(data["signed_in_at"]) if "signed_in_at" in data else None
        row.last_seen_at = now()
        return row

    def _get_session_from_db(self) -> Session | None:
        row = Session.objects.filter(
            session_key=stored_key(self.session_key or ""), audience=self.audience, expire_date__gt=now()
        ).first()
        if row is None:
            self._session_key = None
        else:
            self.last_seen_at = row.last_seen_at
        return row


def end_sessions(account_id: UUID, *, keep: str | None = None) -> int:
    """Sign the account out everywhere but in the browser whose cookie is `keep`; how many sessions ended."""
    sessions = Session.objects.filter(account_id=account_id)
    if keep is not None:
        sessions = sessions.exclude(session_key=stored_key(keep))
    deleted, _rows = sessions.delete()
    return deleted


def end_one_session(account_id: UUID, session_id: str) -> None:
    """Sign the account out in one browser, by the id `queries.sessions_of` gives. Raises NotFound."""
    mine = Session.objects.filter(account_id=account_id, session_key__startswith=session_id)
    deleted, _rows = mine.delete() if len(session_id) == SESSION_ID_LENGTH else (0, {})
    if not deleted:
        raise NotFound(code="unknown_session")


def purge_sessions(*, at: datetime) -> int:
    """Forget sessions that have run out; how many there were."""
    deleted, _rows = Session.objects.filter(expire_date__lte=at).delete()
    return deleted

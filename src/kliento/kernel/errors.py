"""One family of errors. `web/errors.py` alone turns them into HTTP; nothing here knows a status code.

`message` is fit for the person who reads it (a string, or a lazy translation: what to do next) and carries no
personal data.
`code` is stable and in English: programs and tests read it.
"""

from collections.abc import Mapping


class KlientoError(Exception):
    """The root. `pointer` names the field at fault (a form field or JSON pointer), where there is one."""

    code = "error"

    def __init__(self, message: object = "", *, code: str | None = None, pointer: str | None = None) -> None:
        super().__init__(str(message) or code or self.code)
        self.message = message
        self.pointer = pointer
        if code is not None:
            self.code = code


class NotAllowed(KlientoError):
    """The actor may not do this, and may know that it exists."""

    code = "not_allowed"


class NotFound(KlientoError):
    """There is no such thing for this actor; outsiders never learn whether there is one for others."""

    code = "not_found"


class Invalid(KlientoError):
    """What was sent cannot be used; `fields` maps each field at fault to its message."""

    code = "invalid"

    def __init__(
        self,
        message: object = "",
        *,
        code: str | None = None,
        pointer: str | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, code=code, pointer=pointer)
        self.fields = dict(fields or {})


class Conflict(KlientoError):
    """The state has moved on, or the same id was used for something else."""

    code = "conflict"


class TryLater(KlientoError):
    """Not now: the same again after `retry_after_seconds` is welcome. Nothing was done, where nothing else is said."""

    retry_after_seconds = 1


class Busy(TryLater):
    """Everybody together asks for more than can be done at the moment."""

    code = "busy"


class TooMany(TryLater):
    """Whoever asks, asks for more at once than one may."""

    code = "too_many_requests"

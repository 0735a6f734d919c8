"""Logs: one line an event, JSON in production, never personal data.

Three habits keep values out: our own events carry ids, counts and codes only; a foreign logger's message is written
without its arguments; an exception is written as its type and the lines it passed, without its message (a database
error quotes the row), unless its type quotes nothing but source code.
"""

import logging.config
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from structlog.typing import EventDict, Processor, WrappedLogger

_QUOTES_CODE_ONLY = {
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    ModuleNotFoundError,
    NameError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
}


def configure(*, as_json: bool) -> None:
    """Set up structlog and the standard library's loggers; called once by the settings."""
    logging.raiseExceptions = False  # else a line that cannot be written would be printed raw
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_without_message,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.processors.KeyValueRenderer(
            key_order=["timestamp", "level", "event"], drop_missing=True, repr_native_str=False
        )
    )
    # Our own lines go straight out: by way of the standard library each costs twice as much.
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=_Line,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [message_without_arguments, *shared],
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {
                # Our own middleware writes a line for each request; Django's would hold the path.
                "django.request": {"level": "CRITICAL"},
                "django.security": {"level": "CRITICAL"},
            },
        }
    )


class _Line:
    """Writes the lines of one of our loggers, as the standard library's handler writes those of others."""

    def __init__(self, name: str = "kliento") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        """Write it whole, whoever else is writing; what cannot be written is not."""
        try:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = exception = msg


def message_without_arguments(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The literal message of a foreign logger: "Row %s failed" instead of the row."""
    record: logging.LogRecord = event["_record"]
    event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    return event


def exception_without_message(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What was raised, cause by cause, and the lines it passed, innermost call last."""
    error = _raised(event.pop("exc_info", None))
    if error is not None:
        event["raised"] = list(_causes(error))
        event["through"] = _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    """Our own lines, and the innermost one whoever wrote it."""
    frames = traceback.extract_tb(error.__traceback__)
    shown = [frame for frame in frames[:-1] if "site-packages" not in frame.filename] + frames[-1:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in shown]


def _raised(exc_info: Any) -> BaseException | None:
    """What `exc_info` means in a logging call: an exception, its triple, or "the current one"."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return sys.exc_info()[1] if exc_info else None


def _causes(error: BaseException) -> Iterator[str]:
    current: BaseException | None = error
    while current is not None:
        name = type(current).__name__
        yield f"{name}: {current}" if type(current) in _QUOTES_CODE_ONLY else name
        current = current.__cause__ or current.__context__

"""Logs hold no personal data, whoever writes them."""

import logging
import sys
from importlib import import_module

import pytest
import structlog

from kliento.config.logs import exception_without_message

CANARY = "aino.kanarialintu@example.fi"


def test_a_foreign_message_is_written_without_its_arguments(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("some.library").warning("could not reach %s", CANARY)
    logging.getLogger("some.library").warning(ValueError(CANARY))
    _, log = capfd.readouterr()
    assert "could not reach %s" in log
    assert "ValueError" in log
    assert CANARY not in log


def test_an_exception_is_written_as_what_and_where(capfd: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"no {CANARY}") from error
    except ValueError:
        structlog.get_logger("kliento.tests").exception("failed")
        logging.getLogger("some.library").exception("failed for %s", CANARY)
    _, log = capfd.readouterr()
    assert "ValueError" in log
    assert "KeyError" in log
    assert "test_logs.py" in log
    assert CANARY not in log


def test_what_quotes_only_code_is_quoted() -> None:
    try:
        import_module("kliento.nothing")
    except ImportError:
        event = exception_without_message(None, "error", {"event": "x", "exc_info": sys.exc_info()})
    assert event["raised"] == ["ModuleNotFoundError: No module named 'kliento.nothing'"]


def test_an_exception_flag_without_an_exception_is_no_exception() -> None:
    assert exception_without_message(None, "error", {"event": "x", "exc_info": True}) == {"event": "x"}

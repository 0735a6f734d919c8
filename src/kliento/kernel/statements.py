"""Statements that are said first and sent later, so that several go to the database together.

A function that reads is cut in two: one makes the `Statement` and says how its rows are read, the other sends it. Who
needs the answers of several packages collects their statements and sends them at once: one journey there and back on a
connection that is kept on PostgreSQL, one after the other everywhere else.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Generic, TypeVar, cast

from django.db import connections

from kliento.kernel.pipelines import Pipeline

Answer = TypeVar("Answer")


class Statement(Generic[Answer]):
    """A statement and how its rows are read; `answer` once it was sent. Without text it has its answer already."""

    __slots__ = ("_answer", "_read", "alias", "parameters", "text")

    def __init__(
        self,
        text: str,
        parameters: Sequence[Any],
        read: Callable[[list[tuple[Any, ...]]], Answer],
        *,
        alias: str = "default",
    ) -> None:
        self.text = text
        self.parameters = parameters
        self.alias = alias
        self._read = read
        self._answer: list[Answer] = []

    @classmethod
    def answered(cls, answer: Answer) -> "Statement[Answer]":
        """What needs no asking."""
        statement = cls("", (), lambda _rows: answer)
        statement.rows([])
        return statement

    def rows(self, found: list[tuple[Any, ...]]) -> None:
        """What came back."""
        self._answer = [self._read(found)]

    @property
    def answer(self) -> Answer:
        """What its rows say. Only once it was sent."""
        return self._answer[0]


def ask(statement: Statement[Answer]) -> Answer:
    """Send one and read its answer."""
    ask_together([statement])
    return statement.answer


def ask_together(statements: Sequence[Statement[Any]]) -> None:
    """Send these, to whichever databases, so that each has its answer. Each sees what those before it did."""
    waiting: dict[str, list[Statement[Any]]] = {}
    for statement in statements:
        if statement.text:
            waiting.setdefault(statement.alias, []).append(statement)
    sent = []
    for alias, theirs in waiting.items():
        pipeline = _pipeline(alias)
        if pipeline is None:
            for statement in theirs:
                with connections[alias].cursor() as cursor:
                    cursor.execute(statement.text, statement.parameters)
                    statement.rows(cursor.fetchall())
        else:
            pipeline.send([(each.text, each.parameters) for each in theirs])
            sent.append((pipeline, theirs))
    with ExitStack() as all_are_received:  # also when one of them fails
        for pipeline, theirs in sent:
            all_are_received.callback(_receive, pipeline, theirs)


def _receive(pipeline: Pipeline, statements: Sequence[Statement[Any]]) -> None:
    for statement, found in zip(statements, pipeline.received(), strict=True):
        statement.rows(found)


def write(text: str, parameters: Sequence[Any], *, alias: str = "default") -> None:
    """Send one that has no answer; within `written_together`, with the next that has, or with the commit."""
    pipeline = _pipeline(alias)
    if pipeline is None:
        with connections[alias].cursor() as cursor:
            cursor.execute(text, parameters)
        return
    pipeline.held.append((text, parameters))
    if not pipeline.is_holding:
        pipeline.flush()


@contextmanager
def written_together(*, alias: str = "default") -> Iterator[None]:
    """What is written in the block goes together, in its order. Inside a transaction, and the last of it: what is still
    held at the end goes with the commit, and fails there.

    The ORM does not see what is held back.
    """
    pipeline = _pipeline(alias)
    if pipeline is None:
        yield
        return
    pipeline.is_holding = True
    try:
        yield
    except BaseException:
        pipeline.held = []
        raise
    finally:
        pipeline.is_holding = False


def _pipeline(alias: str) -> Pipeline | None:
    """Only connections that are kept have one."""
    return cast("Pipeline | None", getattr(connections[alias], "pipeline", None))

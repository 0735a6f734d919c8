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
    with ExitStack() as all_are_received:  # also when one of them fails
        for alias, theirs in waiting.items():
            pipeline = _pipeline(alias)
            if pipeline is None:
                for statement in theirs:
                    with connections[alias].cursor() as cursor:
                        cursor.execute(statement.text, statement.parameters)
                        statement.rows(cursor.fetchall())
            else:
                pipeline.send([(each.text, each.parameters) for each in theirs])
                all_are_received.callback(_receive, pipeline, theirs)


def _receive(pipeline: Pipeline, statements: Sequence[Statement[Any]]) -> None:
    for statement, found in zip(statements, pipeline.received(), strict=True):
        statement.rows(found)


def write(text: str, parameters: Sequence[Any], *, alias: str = "default") -> None:
    """Send one that has no answer; within `written_together` its end is not waited for."""
    pipeline = _pipeline(alias)
    if pipeline is None:
        with connections[alias].cursor() as cursor:
            cursor.execute(text, parameters)
        return
    pipeline.write((text, parameters))


@contextmanager
def written_together(*, alias: str = "default") -> Iterator[None]:
    """What is written in the block is set going at once, in its order, and heard of with the next answer or the commit:
    the database works while the rest is thought out. Inside the outermost transaction, and the last of it: what fails
    may do so with the commit.

    The ORM is refused while something is under way (OperationalError).
    """
    pipeline = _pipeline(alias)
    if pipeline is None:
        yield
        return
    pipeline.waits_later = True
    try:
        yield
    finally:
        pipeline.waits_later = False


def _pipeline(alias: str) -> Pipeline | None:
    """Only connections that are kept have one."""
    return cast("Pipeline | None", getattr(connections[alias], "pipeline", None))

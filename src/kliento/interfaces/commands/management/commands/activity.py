"""`kliento activity verify|restored`: is the log what was sealed, and what witnesses saw? And beginning it anew."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from kliento.domain.activity.actions.publishing import published_notes
from kliento.domain.activity.actions.sealing import begin_epoch, seal
from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.activity.queries.verifying import find_tampering
from kliento.domain.activity.rules.notes import NotACheckpoint, notes_in, read
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound

_MOST_SHOWN = 1000


class Command(BaseCommand):
    """Exit status: 0 all is as it was sealed, 1 something is not, 2 wrong use."""

    help = """Verify the sealed Activity log, or begin it anew after a copy was restored.

    `verify` names every entry that was changed, removed, inserted, moved or emptied since it was sealed. What was
    rewritten and sealed anew shows only beside checkpoints that others kept: give it those of tills, phones, or a
    copy of the checkpoints folder that the database's owner cannot write. Status 0: all is well, 1: it is not, 2:
    wrong use."""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify|restored")
        verify = verbs.add_parser("verify", help="name what is not as it was sealed")
        verify.add_argument(
            "--checkpoint",
            action="append",
            type=Path,
            default=[],
            metavar="FILE",
            help="checkpoints a witness kept, one or many in a file; may be given several times",
        )
        verbs.add_parser("restored", help="begin a new epoch, after a copy was restored and before anybody writes")

    def handle(self, *, verb: str, **options: object) -> None:
        """Do the one that was asked for."""
        if verb == "verify":
            self.verify(options["checkpoint"])  # type: ignore[arg-type] # what add_arguments says
        else:
            self.restored()

    def verify(self, files: list[Path]) -> None:
        """Name each finding on a line of its own."""
        witnessed = [note for file in files for note in _notes_of(file)]
        try:
            newest_checkpoint()
        except NotFound:
            raise CommandError("Nothing has been sealed yet.", returncode=1) from None
        published = _Counted(published_notes())
        found = 0
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Verifying", total=None)
            for finding in find_tampering(
                witnessed,
                published=published,
                progress=lambda done, size: progress.update(task, completed=done, total=size),
            ):
                found += 1
                if found <= _MOST_SHOWN:
                    self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{found} findings. The log is not what was sealed.", returncode=1)
        beside = len(witnessed) + published.count
        self.stdout.write(f"All entries are as they were sealed, and as {beside} checkpoints outside the database say.")

    def restored(self) -> None:
        """Say which epoch began."""
        origin = begin_epoch(at=now())
        sealed = seal(at=now())
        self.stdout.write(f"The log goes on as {origin}; {sealed} entries were sealed.")
        self.stdout.write("Tills and phones will tell that it began anew: say publicly when and why.")


class _Counted:
    """Counts what is taken."""

    def __init__(self, notes: Iterator[str]) -> None:
        self.count = 0
        self._notes = notes

    def __iter__(self) -> Iterator[str]:
        for note in self._notes:
            self.count += 1
            yield note


def _notes_of(file: Path) -> Iterator[str]:
    try:
        notes = list(notes_in(file.read_text(encoding="utf-8")))
        for note in notes:
            read(note)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
    except (UnicodeDecodeError, NotACheckpoint):
        notes = []
    if not notes:
        raise CommandError(f"{file} holds no checkpoint.", returncode=2)
    yield from notes

"""`kliento receipt verify`: is this consent receipt what this instance signed?"""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kliento.domain.consents.queries import public_key
from kliento.kernel.errors import Invalid
from kliento.kernel.integrity import check_signed, key_in, multikey


class Command(BaseCommand):
    """Exit status: 0 intact, 1 not what was signed, 2 wrong use."""

    help = "Check a consent receipt: against this instance's key, or another's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify")
        verify = verbs.add_parser("verify", help="say whether a receipt is what was signed, and what it says")
        verify.add_argument("file", type=Path, help="the receipt, as it was downloaded")
        verify.add_argument("--key", help="publicKeyMultibase of the signer (this instance's own)")

    def handle(self, *, file: Path, key: str | None, **_: object) -> None:
        """Check it, then say what it says."""
        try:
            signer = key_in(key) if key else public_key()
        except Invalid as wrong:
            raise CommandError(str(wrong.message), returncode=2) from wrong
        receipt = _read(file)
        try:
            check_signed(receipt, signer)
        except Invalid as wrong:
            raise CommandError(f"{file}: {wrong.message}", returncode=1) from wrong
        record = receipt["dpv:hasRecordOfActivity"]
        purpose, notice = record["dpv:hasProcess"]["dpv:hasPurpose"], record["dpv:hasNotice"]
        self.stdout.write(f"Intact: signed with {multikey(signer)}.")
        self.stdout.write(f"  {record['dpv:hasConsentStatus'].removeprefix('dpv:')}: {purpose['dct:title']}")
        self.stdout.write(f"  at {record['dct:date']['@value']}, under notice {notice['dct:hasVersion']}")


def _read(file: Path) -> dict:
    try:
        receipt = json.loads(file.read_bytes(), object_pairs_hook=_once)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(
            f"{file} is not JSON with each name once. Download the receipt again.", returncode=2
        ) from error
    if not isinstance(receipt, dict):
        raise CommandError(f"{file} is not a receipt.", returncode=2)
    return receipt


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON; of a name that stands there twice nobody knows which one was read."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found

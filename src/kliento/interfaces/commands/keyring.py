"""`kliento keys create`, apart from Django: the settings already need the keyring it makes."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kliento.kernel.keyring import Keyring, KeyringError, given_root


def create(arguments: Sequence[str]) -> int:
    """Make a keyring, unless there is one; answers the exit status."""
    parser = argparse.ArgumentParser(
        prog="kliento keys create",
        description="Make a keyring with a new random root key (or the one in KLIENTO_ROOT_KEY). Keep the folder "
        "outside the data folder, and back it up elsewhere than the databases: without it nothing can be opened again.",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=os.environ.get("KLIENTO_KEYS") or None,
        help="where to make it (default: KLIENTO_KEYS)",
    )
    options = parser.parse_args(arguments)
    if options.folder is None:
        parser.error("name a folder, or set KLIENTO_KEYS")
    if any((options.folder / name).exists() for name in ("root.key", "made-for")):
        print(f"There is a keyring in {options.folder} already. It stays as it is.", file=sys.stderr)
        return 1
    made_for = os.environ.get("KLIENTO_ENV", "development")
    try:
        root = given_root(os.environ.get("KLIENTO_ROOT_KEY", ""))
    except KeyringError as error:
        parser.error(str(error))
    keyring = Keyring.create(options.folder, made_for=made_for, root=root)
    print(f"Made a keyring for {made_for} in {keyring.folder}.")
    return 0

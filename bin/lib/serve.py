"""`bin/run`: migrate, settle a small town where there is nothing yet, serve. One process: Django starts once."""

import os
import sys

from kliento.interfaces.commands import lan
from kliento.interfaces.commands.entry import run
from machine import say


def main(arguments: list[str]) -> int:
    """The exit status of the first step that fails; serving is the last one."""
    lan.choose(arguments)  # before the first step reads the settings
    steps = [["serve", *arguments]]
    if not {"-h", "--help"} & set(arguments):
        say("bringing the tables up to date, then serving")
        town = [["demo", "--if-empty"]] if os.environ.get("KLIENTO_ENV", "development") == "development" else []
        steps = [["migrate", "--verbosity", "0"], *town, *steps]
    return next(filter(None, map(run, steps)), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

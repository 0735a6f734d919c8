"""`python -m kliento_till URL CODE NAME FILE`: turn this device into a terminal and keep what that gives in FILE."""

import sys

from kliento_till.answers import TillError
from kliento_till.terminal import pair


def main(arguments: list[str]) -> int:
    """0 when it was paired, 1 when it was refused, 2 for wrong use."""
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    url, code, name, file = arguments
    try:
        terminal = pair(url, code, name)
    except (TillError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    terminal.save(file)
    print(f"{name} at {terminal.premises}, {terminal.third_party}: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

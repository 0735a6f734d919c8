"""`kliento COMMAND ...`: Django's management commands under the product's own name.

Exit status: 0 only when all went well, 1 when it did not, 2 for wrong use. A dash in a command's name is an underscore
in the file that holds it (`third-party` is `management/commands/third_party.py`).
"""

import difflib
import gc
import os
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class
from django.db import connections

from kliento.interfaces.commands import keyring, lan
from kliento.kernel.errors import KlientoError

_OURS = "kliento.interfaces."


def main() -> None:
    """The installed `kliento` program."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; answers the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
    if arguments[:2] == ["keys", "create"]:  # the settings need the keyring that this makes
        return keyring.create(arguments[2:])
    if arguments[:1] == ["serve"]:
        lan.choose(arguments)
    gc.disable()  # of what is loaded nothing is garbage: a tenth of the time until a command begins
    try:
        django.setup()
        return _dispatch(list(arguments))
    except (ImproperlyConfigured, KlientoError) as error:
        print(f"kliento: {error}", file=sys.stderr)
        return 1
    finally:
        gc.enable()
        _close_databases()


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(_help(), file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    known = get_commands()
    name = arguments[0].replace("-", "_")
    if name not in known:
        print(_unknown(arguments[0]), file=sys.stderr)
        return 2
    try:
        command = load_command_class(known[name], name)
        gc.enable()
        command.run_from_argv(["kliento", arguments[0], *arguments[1:]])
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else int(stopped.code is not None)
    except KeyboardInterrupt:
        return 130
    return 0


def _help() -> str:
    lines = ["Usage: kliento COMMAND [--help] ...", "", "Commands:"]
    lines += [f"  {name:<14} {_first_line(app, name)}" for name, app in _own_commands().items()]
    lines += ["", "Every command explains itself: kliento COMMAND --help. Environment: docs/operate.md.", ""]
    return "\n".join(lines)


def _own_commands() -> dict[str, str]:
    """Our commands, as they are typed, and the app each stands in."""
    return {name.replace("_", "-"): app for name, app in sorted(get_commands().items()) if app.startswith(_OURS)}


def _first_line(app: str, name: str) -> str:
    return str(load_command_class(app, name.replace("-", "_")).help).strip().splitlines()[0]


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, _own_commands(), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"kliento: there is no command {name}.{hint} See: kliento --help"


def _close_databases() -> None:
    """Idle pool threads would otherwise keep the program from ending."""
    if not django.apps.apps.ready:
        return
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()

"""The example in the client's README works as it stands there, the command above it too."""

import os
import re
import subprocess
import sys

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import make_pairing_code
from kliento.kernel.clock import now
from tests import taps
from tests.databases import PROJECT
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place

CLIENT = PROJECT / "clients" / "python"


def test_the_ten_lines_of_the_readme_welcome_somebody(served: Served, kaisa: Place, tmp_path) -> None:
    text = (CLIENT / "README.md").read_text()
    [example] = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    assert sum(bool(line.strip()) for line in example.splitlines()) <= 10
    [command] = re.findall(r"^python (-m kliento_till) \S+ (\S+) (\".+\") till.json$", text, re.MULTILINE)
    assert command[0] == "-m kliento_till"
    aino = taps.aino(at=now())
    taps.share(aino, kaisa, "first_name", at=now())
    code = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now())

    def python(*arguments: str, said: str = "") -> str:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(CLIENT / "src")},
            input=said,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    assert python("-m", "kliento_till", served.url, code, "Till 2", "till.json").startswith("Till 2 at Kallio")
    shown = [taps.code_of(aino, at=now()), "", card_number(aino), "no card of ours"]
    assert python("-c", example, said="\n".join(shown) + "\n").split("\n") == [
        "Welcome, Aino",
        "Welcome, Aino",
        "unknown ",
        "",
    ]

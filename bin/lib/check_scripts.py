"""Does every JavaScript module parse? Node.js is not needed for anything else, so this runs only where it is."""

import subprocess
import sys

from machine import PROJECT

broken = 0
for script in sorted((PROJECT / "src" / "kliento" / "web" / "static" / "js").rglob("*.js")):
    command = ["node", "--input-type=module", "--check"]
    run = subprocess.run(command, input=script.read_bytes(), capture_output=True, check=False)
    if run.returncode != 0:
        broken += 1
        print(f"{script.relative_to(PROJECT)}\n{run.stderr.decode()}")
sys.exit(1 if broken else 0)

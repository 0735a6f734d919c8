"""Do the migrations say what the models say? Needs no data and no keys of this machine."""

import os
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kliento.config.settings",
        "KLIENTO_DATA": f"{folder}/data",
        "KLIENTO_KEYS": f"{folder}/keys",
    }
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], "makemigrations", "--check", "--dry-run"])

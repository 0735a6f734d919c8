"""The measured claims, each with its limit in the same run: `kliento bench NAME [--json FILE]`."""

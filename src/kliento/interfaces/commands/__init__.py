"""The command line: `kliento COMMAND`."""

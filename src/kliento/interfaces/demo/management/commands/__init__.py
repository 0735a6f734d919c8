"""The demo's one command."""

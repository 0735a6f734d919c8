"""The append-only log of what happened to a subject's data."""

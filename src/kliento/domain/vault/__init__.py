"""Sealed values: a key for each owner, blind indexes, and destroying them for good."""

"""That somebody exists, and how they stand. Never a value."""

"""Things to do later and again and again: kind, subject, reference, never a value."""

"""A person's keeping of their own details: each one added, corrected, hidden, shown and removed on its own (R-USR-1).

No table: values live in the vault, and are read back through the gate. This package stands above sharing, because
whoever removes a value is told who could see it.
"""

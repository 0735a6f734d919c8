"""Django's SQLite backend with one write lock for all threads and processes (docs/decisions/0008)."""

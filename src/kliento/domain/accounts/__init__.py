"""Credentials: addresses as keyed hashes, passwords, passkeys, sessions. Whose they are is known above."""

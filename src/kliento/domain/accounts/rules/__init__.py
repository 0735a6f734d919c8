"""Addresses, codes, devices, secrets and passkeys: what is decided without a database."""

"""Loyalty programmes of issuers: memberships, and a ledger of stamps that is only ever added to."""

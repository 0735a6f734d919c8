"""Reads of the declaration: the register itself, its words for mistakes, the notice rendered from it."""

from kliento.domain.policy.queries.declared import register

__all__ = ["register"]

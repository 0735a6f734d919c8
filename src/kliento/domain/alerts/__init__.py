"""Telling people at once of unusual use of their card or data: somebody new, or an attempt that was refused."""

"""Scans and visits: the high-volume facts."""

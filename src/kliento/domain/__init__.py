"""The register itself. The packages stand in one order (pyproject.toml, "Domain order") and all have the same rooms.

tasks > actions > queries > models > events > rules: each room imports only what stands to its right.
"""

"""The way personal values leave, and the only one. Decided by one pure rule, entered in Activity, then opened."""

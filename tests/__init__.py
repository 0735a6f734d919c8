"""Tests: a mirror of `src/kliento`, plus promises, journeys, architecture and the planted faults that prove them."""

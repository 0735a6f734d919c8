"""One package for each audience. A view parses, calls one action or query, and renders; no audience knows another."""

"""The counter: a paired device at a third party's premises, and whoever stands behind it."""

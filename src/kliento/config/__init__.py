"""Composition: settings, databases, URL table, start-up checks. No rule lives here."""

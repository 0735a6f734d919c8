"""Unregistered cards: claim codes, claiming a card, undoing it, and what becomes of cards nobody claims.

Each is one act over cards, sharing, stamps and visits, which do not know each other; here they meet.
"""

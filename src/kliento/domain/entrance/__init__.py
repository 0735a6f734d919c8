"""How one gets in: signing up, signing in, getting back in, changing what one signs in with.

Each is one act over accounts, people, cards and letters, which do not know each other; here they meet.
"""

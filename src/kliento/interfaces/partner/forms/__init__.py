"""What is asked in the portal. What was not asked for is refused (threat 22)."""

"""Who may receive personal data: third parties, premises, terminals, operators."""

"""The partner portal: third parties and issuers see their visits and members, ask, and run their programme."""

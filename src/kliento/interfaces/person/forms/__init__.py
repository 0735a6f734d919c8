"""What the person's pages ask, one question a form."""

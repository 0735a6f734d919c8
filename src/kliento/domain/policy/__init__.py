"""The declaration: `register.toml` read, checked and rendered. What does not stand in it cannot run."""

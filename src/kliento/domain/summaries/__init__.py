"""Once a month, to those who agreed: how much was entered about them, and where to read it."""

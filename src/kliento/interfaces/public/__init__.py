"""What everyone may read: the start page, the register description, the terms, the accessibility statement."""

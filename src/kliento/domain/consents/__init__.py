"""What people agreed to, refused, withdrew and objected to: append-only, and only ever by themselves."""

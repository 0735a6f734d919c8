"""What leaves: mail today. Works off the outbox and asks the gate for the address while sending."""

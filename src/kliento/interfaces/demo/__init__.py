"""Development only: what a stranger can try in five minutes, and the mailbox that catches every mail."""

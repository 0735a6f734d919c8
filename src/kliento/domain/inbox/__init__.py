"""Messages in the service: a channel of its own, which reaches people who have no mail, or whose mail is not theirs."""

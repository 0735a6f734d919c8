"""One module for each way through the door."""

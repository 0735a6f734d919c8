"""What a person may demand: all of their data, and to be forgotten."""

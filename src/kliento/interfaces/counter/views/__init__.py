"""One file a thing done at the counter."""

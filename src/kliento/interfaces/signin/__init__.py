"""The door: registering, signing in and out, getting back in, security. One session cookie for each audience."""

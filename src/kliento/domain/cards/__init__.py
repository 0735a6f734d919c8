"""Cards, their media and codes: how a person shows who they are."""

"""The programs of the purposes people can object to: usage counts, feedback, and an order by one's own visits."""

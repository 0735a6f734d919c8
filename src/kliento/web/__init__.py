"""What all audiences share: errors, limits, paging, logs, the look. Knows no audience and no table."""

"""The person's own pages under /me/: card, Activity, sharing, details, download and closing."""

"""Who is known to which third party under which number, and what they chose to show there."""

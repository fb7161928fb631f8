"""Stand-ins for what is outside, named after what they stand in for."""

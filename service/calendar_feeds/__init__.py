"""People's sessions and deadlines in the calendars that they use."""

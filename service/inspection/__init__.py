"""The inspection pack: what a council can show of its supervision as it stood on a day, and prove."""

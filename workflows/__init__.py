"""What may happen: the pure rules of supervision, with no clock, database or network in them."""

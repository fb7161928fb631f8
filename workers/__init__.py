"""What happens by itself: the clock, the relay and the actors."""

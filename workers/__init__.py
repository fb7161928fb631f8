"""What happens by itself: the clock, the workers and what they look for; and the command line."""

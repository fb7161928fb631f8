"""Five invented councils, each under one of the policies, with a year of history to look around in."""

"""Handing final records over to the systems in which councils keep them, each with what proves what it is."""

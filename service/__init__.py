"""What is kept, and how people and machines reach it."""

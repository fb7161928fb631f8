"""What may happen, under which clause and by when."""

"""Pictures of the state machines, drawn from the same tables that run them."""

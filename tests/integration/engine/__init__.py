"""The engine on a real database: races, batches, cost and tenants."""

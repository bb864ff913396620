"""The durable register of the province, on PostgreSQL."""

"""The durable register of a province, on PostgreSQL."""

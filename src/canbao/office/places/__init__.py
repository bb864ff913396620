"""Places: the province's tree, from city to village."""

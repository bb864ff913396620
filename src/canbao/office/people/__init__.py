"""People: found within one's area, shown masked, explained, and whole only for a purpose."""

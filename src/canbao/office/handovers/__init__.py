"""People who move between cities."""

"""How many people are registered in each town or village, by today's map or by that of another day."""

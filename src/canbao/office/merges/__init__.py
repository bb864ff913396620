"""One person under two numbers: the desk where two records lie side by side."""

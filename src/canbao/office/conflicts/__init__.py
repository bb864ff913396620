"""Conflicts: the list that is one's own, and the desk where two statements stand side by side."""

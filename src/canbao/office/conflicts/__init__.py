"""Conflicts: what two divisions say differently under one number, settled by the one that came later."""

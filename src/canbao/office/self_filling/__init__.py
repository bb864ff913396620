"""Self-filling: the pages on which residents fill in their own form; open to whoever has a code."""

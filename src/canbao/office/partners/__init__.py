"""Partners: who else's systems push and ask, with what keys, under which agreements, and what they were told."""

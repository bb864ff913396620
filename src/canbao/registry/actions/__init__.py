"""The verbs: the only way in which the register changes. Keyword-only, `by=`, one transaction, audit row inside."""

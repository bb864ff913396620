"""People: search, one person's record with its reasons, lists to take away, household lists."""

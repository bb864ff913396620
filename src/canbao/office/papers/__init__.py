"""Papers of a campaign: chosen, looked at, printed in the background, fetched; and their words, which a city edits."""

"""Campaigns: the city plans, announces, runs and closes a survey; everything of it hangs from its page."""

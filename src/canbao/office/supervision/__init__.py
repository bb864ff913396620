"""Supervising a campaign: pace, quality, urge letters, the week's report."""

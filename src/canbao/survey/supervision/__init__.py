"""Supervising a campaign: pace, quality, reviewers, the week's report: counts, and nobody is named."""

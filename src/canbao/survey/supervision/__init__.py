"""Supervising a campaign: pace, quality, reviewers, the week's report; counts alone, nobody of the register is named."""

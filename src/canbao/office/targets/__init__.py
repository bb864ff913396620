"""Who has to be surveyed, before a campaign is made of them."""

"""The page that a counter's system shows in a frame: what a look-up tells, once."""

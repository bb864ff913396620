"""The survey: who visits whom, how far along they are, and what they found out; approved answers enter the register."""

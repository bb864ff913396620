"""Tasks of a campaign: the list, splitting it among towns and surveyors, entering what comes back."""

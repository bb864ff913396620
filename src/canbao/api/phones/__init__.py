"""What surveyors' phones ask of the server; docs/phone.md is the contract."""

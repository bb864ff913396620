"""The guide for surveyors: chapters to read, to search, to print and to test oneself with; nobody's data is in it."""

"""Surveyors' phones: bound to them, told their tasks, and what comes from them carried out (docs/phone.md)."""

"""The auditor's pages: who saw whom, what an officer did, what was unusual, and whether the log is whole."""

"""The back office: pages by task, in Chinese; it decides nothing and writes only through verbs."""

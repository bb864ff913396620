"""Requests that one officer makes and another decides: the list, one of them, its papers, the decision."""

"""Measurements of Canbao beside its peers and its limits; `./run bench` prints the table."""

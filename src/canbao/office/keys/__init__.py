"""The public keys with which divisions sign their packages."""

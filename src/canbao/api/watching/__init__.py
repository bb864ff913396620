"""What machines ask that watch over the server: whether it is there, whether it can work, and figures; no people."""

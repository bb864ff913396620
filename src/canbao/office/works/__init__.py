"""Background work, watched and stopped."""

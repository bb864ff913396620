"""Review of forms, and samples of them."""

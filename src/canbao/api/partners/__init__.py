"""What partners' systems ask of the server; docs/exchange.md is the contract."""

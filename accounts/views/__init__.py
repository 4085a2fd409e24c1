"""Pages of accounts, by noun."""

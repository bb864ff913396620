"""The rule book: every decision beside its clause, straight from the law that the program runs on."""

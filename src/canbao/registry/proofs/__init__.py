"""Printable proofs (参保证明): a signed statement that anybody can verify without us, and that can be revoked."""

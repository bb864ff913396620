"""Accounts: opened, closed and reset by one administrator, given duty and area by another."""

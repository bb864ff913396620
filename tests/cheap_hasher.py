"""Passwords of tests, hashed as in earnest but with few rounds: thousands of sign-ins would take minutes."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class CheapHasher(PBKDF2PasswordHasher):
    """Django's first hasher with a thousandth of its rounds."""

    iterations = 1_000

"""Seeded variation of training pictures; the same answer wherever it runs."""

"""Decisions about a run from numbers: rate, batch, stop, best, and when to validate."""

"""Validations and epochs in words."""

from __future__ import annotations


def validations(count: int, epochs: int) -> str:
    """'4 validations = 12 epochs': the unit of patience, and what it comes to.

    Args:
        count: validations.
        epochs: epochs that passed during them; 0 when all fell into one, and then not named.
    """
    counted = _plural(count, 'validation')
    return f'{counted} = {_plural(epochs, "epoch")}' if epochs > 0 else counted


def _plural(count: int, noun: str) -> str:
    return f'{count} {noun}' if count == 1 else f'{count} {noun}s'

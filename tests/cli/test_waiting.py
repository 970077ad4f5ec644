"""Waiting threads give their core away, unless the user has said how they are to wait."""

from __future__ import annotations

import pytest

from mmholdout.cli import exit as exit_codes
from mmholdout.cli.waiting import SPIN_COUNT


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    monkeypatch.setenv('GOMP_SPINCOUNT', '')  # so that it is put back afterwards
    monkeypatch.delenv('GOMP_SPINCOUNT')
    monkeypatch.delenv('OMP_WAIT_POLICY', raising=False)


def seen_by_a_command(monkeypatch):
    import os

    seen = {}
    exit_codes.run(lambda _: seen.update(os.environ))
    return seen.get('GOMP_SPINCOUNT')


def test_it_is_set_before_a_command_begins(monkeypatch):
    assert seen_by_a_command(monkeypatch) == SPIN_COUNT


@pytest.mark.parametrize(
    ('name', 'value', 'seen'),
    [('GOMP_SPINCOUNT', '7', '7'), ('OMP_WAIT_POLICY', 'active', None)],
)
def test_what_the_user_has_set_stays(monkeypatch, name, value, seen):
    monkeypatch.setenv(name, value)
    assert seen_by_a_command(monkeypatch) == seen

import os
from pathlib import Path

import pytest


class Payload:
    """Unpickled by anything that obeys, it makes a folder."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __reduce__(self):
        return os.mkdir, (self.marker,)


@pytest.fixture
def marker(tmp_path):
    """A path that must not exist at the end of the test; `Payload(marker)` would make it."""
    path = tmp_path / 'ran'
    yield path
    assert not Path(path).exists(), 'code from a file has run'


@pytest.fixture
def payload(marker):
    return Payload(marker)

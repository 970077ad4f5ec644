import io
import sys

import pytest

from mmholdout.cli.say import say

HOSTILE = '\x1b[31mred\x1b[0m \u202egnp.exe \udc80 [bold]x[/] \r$\\frac$'


def test_nothing_is_obeyed(capsys):
    say(HOSTILE)
    say('two\nlines', sys.stderr)
    out, err = capsys.readouterr()
    assert out == '\\x1b[31mred\\x1b[0m \\u202egnp.exe \\udc80 [bold]x[/] \\r$\\frac$\n'
    assert err == 'two\nlines\n'


@pytest.mark.parametrize(('encoding', 'shown'), [('ascii', 'a\\xe9\\u2026'), ('utf-8', 'aé…')])
def test_a_terminal_that_lacks_a_character(encoding, shown):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    say('aé…', stream)
    stream.flush()
    assert raw.getvalue().decode(encoding) == shown + '\n'

import pytest

from mmholdout.cli.exit import run
from mmholdout.errors import ConfigError
from mmholdout.history.interruption import Interrupted


def raising(error):
    def body(argv):
        raise error

    return body


@pytest.mark.parametrize(
    ('error', 'code', 'message'),
    [
        (ConfigError('wrong key'), 2, 'error: wrong key'),
        (Interrupted(2, 'continue with X'), 130, 'continue with X'),
        (Interrupted(15, 'continue with X'), 143, 'continue with X'),
        (KeyboardInterrupt(), 130, 'interrupted'),
    ],
)
def test_codes(error, code, message, capsys):
    assert run(raising(error), []) == code
    assert capsys.readouterr().err.strip() == message


def test_done_is_zero():
    assert run(lambda argv: None, []) == 0


def test_a_defect_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run(raising(ZeroDivisionError()), [])


@pytest.mark.guarantee
def test_a_message_is_inert_and_its_lines_stay_together(capsys):
    error = ConfigError(['no file a\x1b[31m\nerror: all is well', 'second\n  part'])
    assert run(raising(error), []) == 2
    assert capsys.readouterr().err == (
        'error: 2 problems:\n'
        '  1. no file a\\x1b[31m\n'
        '     error: all is well\n'
        '  2. second\n'
        '       part\n'
    )
    run(raising(ConfigError('no file a\nerror: all is well\udc80')), [])
    assert capsys.readouterr().err == 'error: no file a\n  error: all is well\\udc80\n'

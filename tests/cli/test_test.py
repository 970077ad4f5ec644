import pytest

from mmholdout.cli.test import main, parser


def test_arguments():
    args = parser().parse_args(['c.py', 'best.pth', '--again', 'a reason'])
    assert (args.config, args.checkpoint, args.again) == ('c.py', 'best.pth', 'a reason')


def test_user_mistakes_exit_with_2(capsys):
    assert main(['nowhere/c.py', 'best.pth']) == 2
    assert 'nowhere/c.py' in capsys.readouterr().err


def test_usage():
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2

import pytest

from mmholdout.cli.predict import main, parser


def test_arguments():
    args = parser().parse_args(['best.pth', 'a.jpg', 'b', '--out-dir', 'out'])
    assert args.images == ['a.jpg', 'b'] and args.score_thr is None


def test_user_mistakes_exit_with_2(tmp_path, capsys):
    assert main(['best.pth', 'nowhere.jpg', '--out-dir', str(tmp_path)]) == 2
    assert 'nowhere.jpg' in capsys.readouterr().err


def test_usage():
    with pytest.raises(SystemExit) as stop:
        main(['best.pth', 'a.jpg'])
    assert stop.value.code == 2

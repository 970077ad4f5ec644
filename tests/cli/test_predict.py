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


def test_one_threshold_or_those_of_the_classes(tmp_path, capsys):
    common = ['best.pth', 'a.jpg', '--out-dir', 'out']
    assert parser().parse_args([*common, '--per-class-thr']).per_class_thr is True
    with pytest.raises(SystemExit) as stop:
        main([*common, '--per-class-thr', '--score-thr', '0.5'])
    assert stop.value.code == 2
    assert 'not allowed with' in capsys.readouterr().err

import pytest

from mmholdout.cli.verify_run import main, parser


def test_arguments():
    args = parser().parse_args(['run', '--data-root', 'd', '--config', 'c.py'])
    assert (args.work_dir, args.data_root, args.config) == ('run', 'd', 'c.py')


def test_no_run_exits_with_2(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert 'holds no run' in capsys.readouterr().err


def test_problems_exit_with_2_after_what_has_passed(tested_run, capsys):
    (tested_run / 'curves.png').unlink()
    (tested_run / 'train.log').write_text('x')
    assert main([str(tested_run), '--data-root', str(tested_run.parents[1] / 'data')]) == 2
    told = capsys.readouterr()
    assert 'ok: splits.json' in told.out and '2 problems' in told.out
    assert '1. ' in told.err and 'curves.png is missing' in told.err and 'train.log' in told.err


def test_usage():
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2

from mmholdout.cli.report import main
from mmholdout.history.jsonl import History


def test_prints_the_report(tmp_path, capsys):
    History(tmp_path / 'history.jsonl').append({'epoch': 1, 'iter': 3, 'lr': 0.1, 'val/mAP': 0.5})
    assert main([str(tmp_path)]) == 0
    assert 'Epoch 1: mAP@0.5 = 0.50' in capsys.readouterr().out


def test_no_run(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert 'holds no run' in capsys.readouterr().err

from mmholdout.cli.report import main
from mmholdout.history.jsonl import History


def test_prints_the_report(tmp_path, capsys):
    History(tmp_path / 'history.jsonl').append({'epoch': 1, 'iter': 3, 'lr': 0.1, 'val/mAP': 0.5})
    assert main([str(tmp_path)]) == 0
    assert 'Epoch 1: mAP@0.5 = 0.50' in capsys.readouterr().out


def test_no_run(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert 'holds no run' in capsys.readouterr().err


def test_what_the_run_was_told_to_watch(tmp_path, capsys):
    history = History(tmp_path / 'history.jsonl')
    for epoch, loss in ((1, 2.0), (2, 1.0), (3, 3.0)):
        row = {'epoch': epoch, 'iter': epoch, 'lr': 0.1, 'val/mAP': 0.5, 'val/loss_cls': loss}
        history.append(row)
    config = "evaluation = {'iou_thr': 0.75, 'save_best': 'loss_cls'}\n"
    (tmp_path / 'config.py').write_text(config)
    assert main([str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert 'mAP@0.75 = 0.50' in out and 'best val/loss_cls = 1.0000 at epoch 2' in out
    summary = '{"stop_reason": "max_epochs", "stopped_epoch": 3, "monitor": "val/tide/miss"}'
    (tmp_path / 'summary.json').write_text(summary)  # of an earlier version: without `mode`
    history.append({'epoch': 4, 'iter': 4, 'lr': 0.1, 'val/tide/miss': 0.25})
    history.append({'epoch': 5, 'iter': 5, 'lr': 0.1, 'val/tide/miss': 0.5})
    assert main([str(tmp_path)]) == 0
    assert 'best val/tide/miss = 0.2500 at epoch 4' in capsys.readouterr().out


def test_the_folds_of_a_config(tmp_path, capsys):
    from mmholdout.report.summary import write_summary
    from mmholdout.splits.record import write_splits

    ids = {0: ['a'], 1: ['b']}
    for fold, best in ((0, 0.5), (1, 0.7)):
        folder = tmp_path / f'fold_{fold}'
        folder.mkdir()
        splits = {'val': ids[fold], 'train': ids[1 - fold], 'test': ['t']}
        write_splits(folder / 'splits.json', splits)
        (folder / 'config.py').write_text(f'fold = {fold}\n')
        summary = {'stop_reason': 'max_epochs', 'stopped_epoch': 3, 'monitor': 'val/mAP'}
        write_summary(folder / 'summary.json', **summary, best=best, best_epoch=2)
    assert main([str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert 'over 2 folds: mean 0.6000, standard deviation 0.1414' in out
    assert 'not independent' in out and 'warning' not in out
    # A folder that holds a run is reported as a run
    row = {'epoch': 1, 'iter': 3, 'lr': 0.1, 'val/mAP': 0.5}
    History(tmp_path / 'history.jsonl').append(row)
    assert main([str(tmp_path)]) == 0
    assert 'Epoch 1: mAP@0.5 = 0.50' in capsys.readouterr().out

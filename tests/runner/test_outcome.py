from mmholdout.runner.outcome import outcome
from mmholdout.runner.run_folder import RunFolder


def runner(best, splits=None):
    from types import SimpleNamespace

    return SimpleNamespace(
        history=SimpleNamespace(rows=[{'epoch': 1, 'train_seconds': 30.0, 'val_seconds': 10.0}]),
        interval=1,
        validates=True,
        best=SimpleNamespace(mode='max', best=best, epoch=1 if best is not None else None),
        best_key='val/mAP',
        stop_reason='max_epochs',
        stop_sentence='',
        epochs_begun=1,
        lr_cuts=[],
        meta={'splits': splits},
        folder=RunFolder('work_dirs/x'),
    )


def test_says_why_what_and_where():
    text = outcome(runner(0.75), 'configs/a.py')
    assert 'done: max_epochs after epoch 1, 0:40' in text
    assert 'best val/mAP = 0.7500 at epoch 1' in text
    assert 'python tools/test.py configs/a.py' in text


def test_no_best_model_is_said():
    text = outcome(runner(None), 'configs/a.py')
    assert 'no best model was kept' in text and 'tools/test.py' not in text


def test_an_overlap_that_was_allowed_is_said_to_the_end():
    record = {'allow_overlap': True, 'near_duplicates': None, 'shared': ['1 image'], 'unseen': []}
    for best in (0.75, None):
        lines = outcome(runner(best, record), 'configs/a.py').splitlines()
        assert 'splits: allow_overlap=True: 1 image' in lines
        assert any('near-duplicates were not looked for' in line for line in lines)


def test_a_refit_has_a_model_and_no_best_value():
    run = runner(None)
    run.validates, run.meta = False, {'refit': {'of': 'work_dirs/a'}}
    text = outcome(run, 'work_dirs/a/config.py')
    assert 'the model, of train and val: work_dirs/x/checkpoints/refit_model.pth' in text
    command = 'tools/test.py work_dirs/x/config.py work_dirs/x/checkpoints/refit_model.pth'
    assert text.endswith(f'the one number on the test split: python {command}')
    assert 'best' not in text

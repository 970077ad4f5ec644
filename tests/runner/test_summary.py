from types import SimpleNamespace

from mmholdout.runner.summary import summarise


def run(rows, meta=None, **best):
    return SimpleNamespace(
        history=SimpleNamespace(rows=rows),
        interval=1,
        validates=True,
        best=SimpleNamespace(**{'best': None, 'epoch': None, 'mode': 'max', **best}),
        best_key='val/mAP',
        stop_reason='early_stop',
        stop_sentence='because',
        epochs_begun=4,
        lr_cuts=[3],
        meta=meta or {},
    )


def test_fields():
    rows = [{'epoch': 1, 'train_seconds': 30.0, 'val_seconds': 10.0}]
    summary = summarise(run(rows, best=0.5, epoch=1))
    assert summary['seconds'] == 40.0
    assert summary['validation_cost'].startswith('validation 25 %')
    assert (summary['best'], summary['best_epoch'], summary['lr_cuts']) == (0.5, 1, [3])
    assert (summary['stop_reason'], summary['message']) == ('early_stop', 'because')


def test_interrupted_before_the_first_validation():
    summary = summarise(run([]))
    assert summary['validation_cost'] is None and summary['best'] is None


def test_what_is_to_be_known_of_the_splits():
    record = {'allow_overlap': True, 'shared': [], 'near_duplicates': 0, 'kinds': {}, 'unseen': []}
    (line,) = summarise(run([], meta={'splits': record}))['splits']
    assert line.startswith('splits: allow_overlap=True')
    assert summarise(run([]))['splits'] == []


def test_a_refit_has_no_best_and_says_of_what_it_is():
    refit = run([{'epoch': 1, 'train_seconds': 30.0}], meta={'refit': {'of': 'work_dirs/a'}})
    refit.validates = False
    summary = summarise(refit)
    assert summary['refit_of'] == 'work_dirs/a' and summary['seconds'] == 30.0
    assert not {'best', 'best_epoch', 'monitor', 'mode'} & summary.keys()

import statistics

from mmholdout.report.fold_report import FoldResult, fold_report

VALUES = [0.61, 0.65, 0.60]
FOLDS = [
    FoldResult(n, 'val/mAP', value, 10 + n, 18, 'max_epochs') for n, value in enumerate(VALUES)
]


def test_each_fold_mean_and_deviation():
    lines = fold_report(FOLDS[::-1]).splitlines()
    assert lines[0] == (
        'fold 0: best val/mAP = 0.6100 at epoch 10; stopped: max_epochs after epoch 18'
    )
    assert [line.split(':')[0] for line in lines[:3]] == ['fold 0', 'fold 1', 'fold 2']
    # mean 0.62; the squares of -0.01, 0.03 and -0.02 make 0.0014, halved 0.0007
    assert lines[3] == (
        'best val/mAP over 3 folds: mean 0.6200, standard deviation 0.0265 '
        '(lowest 0.6000, highest 0.6500)'
    )
    assert f'{statistics.stdev(VALUES):.4f}' == f'{0.0007**0.5:.4f}' == '0.0265'


def test_it_says_what_the_numbers_are_not():
    text = fold_report(FOLDS)
    assert 'these are validation numbers' in text and 'none of them is a test number' in text
    assert 'not independent' in text and 'no error of the mean' in text


def test_folds_without_a_result_are_named_and_not_counted():
    rest = [
        FoldResult(3),
        FoldResult(4, 'val/mAP', 0.9, 2, 5, 'interrupted'),
        FoldResult(5, stopped_epoch=18, stop_reason='max_epochs'),
    ]
    text = fold_report([*FOLDS, *rest])
    assert 'fold 3: not finished' in text
    assert 'fold 5: no best epoch; stopped: max_epochs after epoch 18' in text
    assert 'over 3 folds: mean 0.6200' in text
    assert 'not counted, because they have no result yet: folds 3, 4, 5' in text


def test_one_fold_has_no_deviation():
    text = fold_report(FOLDS[:1])
    assert 'best val/mAP over 1 fold: mean 0.6100\n' in text
    assert 'deviation' not in text and 'independent' not in text


def test_no_fold_has_ended():
    text = fold_report([FoldResult(0), FoldResult(1)])
    assert 'mean' not in text and 'validation numbers' not in text


def test_different_monitors_have_no_mean():
    other = FoldResult(3, 'val/loss', 2.0, 3, 18, 'early_stop')
    text = fold_report([*FOLDS, other])
    assert 'no mean: the folds were chosen by different values (val/loss, val/mAP)' in text
    assert 'deviation 0' not in text


def test_notes_are_warnings():
    assert 'warning: not of one draw' in fold_report(FOLDS, ['not of one draw'])

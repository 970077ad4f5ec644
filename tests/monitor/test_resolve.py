from __future__ import annotations

import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.resolve import check_mode, check_significance, resolve_monitor

DECLARED = {
    'val/loss': 'min',
    'val/mAP': 'max',
    'val/F1': 'max',
    'val/score_thr': None,
}
CLASSES = {f'val/AP/{name}': 'max' for name in ('cat', 'dog', 'cow', 'car', 'bus')}


@pytest.mark.parametrize(
    ('name', 'key', 'mode'),
    [
        ('val/mAP', 'val/mAP', 'max'),
        ('mAP', 'val/mAP', 'max'),
        ('loss', 'val/loss', 'min'),
        ('cat', 'val/AP/cat', 'max'),
        ('AP/cat', 'val/AP/cat', 'max'),
        # loss terms are known only after the first validation
        ('val/loss_cls', 'val/loss_cls', 'min'),
        ('loss_bbox', 'val/loss_bbox', 'min'),
    ],
)
def test_what_a_name_means(name, key, mode):
    assert resolve_monitor(name, DECLARED | CLASSES) == (key, mode)


def test_a_declared_loss_term_keeps_its_own_direction():
    assert resolve_monitor('val/loss_x', DECLARED | {'val/loss_x': 'max'}) == ('val/loss_x', 'max')


def test_unknown_says_what_is_known_and_the_near_name():
    declared = {'val/loss': 'min', 'val/mAP': 'max', 'val/F1': 'max'}
    with pytest.raises(ConfigError) as caught:
        resolve_monitor('val/map', declared)
    assert str(caught.value) == (
        "monitor 'val/map' is not among this run's metrics: val/loss, val/mAP, val/F1. "
        "Did you mean 'val/mAP'?"
    )


@pytest.mark.parametrize(
    ('name', 'near'),
    [('mAPP', "'mAP'"), ('map', "'mAP'"), ('f1', "'F1'"), ('val/los', "'val/loss'")],
)
def test_near_names(name, near):
    with pytest.raises(ConfigError, match=f'Did you mean {near}'):
        resolve_monitor(name, DECLARED)


def test_many_classes_are_counted_not_listed():
    with pytest.raises(ConfigError) as caught:
        resolve_monitor('nothing like it', DECLARED | CLASSES)
    assert 'val/AP/<one of 5>' in str(caught.value)
    assert 'val/AP/cow' not in str(caught.value)


@pytest.mark.parametrize(
    ('declared', 'listed'),
    [
        ({f'val/AP/{name}': 'max' for name in 'abcd'}, 'val/AP/a, val/AP/b, val/AP/c, val/AP/d.'),
        ({f'val/{name}': 'max' for name in 'abcde'}, 'val/a, val/b, val/c, val/d, val/e.'),
        ({f'val/AP/{name}': 'max' for name in 'abcde'}, 'val/AP/<one of 5>.'),
    ],
)
def test_up_to_four_classes_and_all_other_keys_are_listed(declared, listed):
    with pytest.raises(ConfigError) as caught:
        resolve_monitor('nothing like it', declared)
    assert str(caught.value).endswith(f'metrics: {listed}')


def test_ambiguous_lists_what_it_may_mean():
    with pytest.raises(ConfigError, match='ambiguous: it may mean val/a/mAP or val/b/mAP'):
        resolve_monitor('mAP', {'val/a/mAP': 'max', 'val/b/mAP': 'max'})


@pytest.mark.parametrize('name', ['score_thr', 'val/score_thr'])
def test_a_key_without_direction(name):
    with pytest.raises(ConfigError, match='has no direction') as caught:
        resolve_monitor(name, DECLARED)
    assert 'val/mAP' in str(caught.value)


@pytest.mark.parametrize('split', ['test', 'train', 'train_eval'])
def test_no_other_split_may_steer(split):
    key = f'{split}/mAP'
    with pytest.raises(ConfigError, match=f"the {split} split.*monitor 'val/mAP' instead"):
        resolve_monitor(key, DECLARED | {key: 'max'})


@pytest.mark.parametrize('name', ['loss', 'loss_cls', 'val/loss_cls', 'val/loss'])
def test_without_a_validation_loss_there_are_no_terms_of_it(name):
    with pytest.raises(ConfigError, match='is not among'):
        resolve_monitor(name, {'val/mAP': 'max'})


@pytest.mark.parametrize('name', ['val/loss_', 'lossy', ''])
def test_what_only_looks_like_a_loss_term(name):
    with pytest.raises(ConfigError, match='is not among'):
        resolve_monitor(name, DECLARED)


def test_nothing_declared():
    with pytest.raises(ConfigError, match='metrics: none'):
        resolve_monitor('mAP', {})


@pytest.mark.parametrize('name', [None, 3, ['mAP']])
def test_a_monitor_is_a_name(name):
    with pytest.raises(ConfigError, match='must be the name of a metric'):
        resolve_monitor(name, DECLARED)


@pytest.mark.parametrize(
    ('key', 'given', 'fits'),
    [
        ('val/mAP', None, True),
        ('val/mAP', 'max', True),
        ('val/mAP', 'min', False),
        ('val/loss', 'min', True),
        ('val/loss', 'max', False),
        ('val/loss_cls', 'max', False),
        ('val/loss_cls', 'min', True),
        ('val/mAP', 'greater', False),
    ],
)
def test_a_given_mode_must_agree(key, given, fits):
    if fits:
        check_mode(key, given, DECLARED)
    else:
        with pytest.raises(ConfigError, match='mode'):
            check_mode(key, given, DECLARED)


def test_the_contradiction_says_both():
    with pytest.raises(ConfigError) as caught:
        check_mode('val/mAP', 'min', DECLARED)
    assert str(caught.value) == (
        "mode 'min' contradicts monitor 'val/mAP': more of it is better, mode 'max'. Leave mode out"
    )


@pytest.mark.parametrize('key', ['val/mAP', 'val/AP/cat', 'val/AP/a/b'])
def test_average_precision_can_be_compared_image_by_image(key):
    check_significance(key, 0.9)


@pytest.mark.parametrize('key', ['val/loss', 'val/AP75', 'val/F1', 'val/recall'])
def test_the_others_cannot(key):
    check_significance(key, None)
    with pytest.raises(ConfigError, match=f"not '{key}'. Leave significance out"):
        check_significance(key, 0.9)

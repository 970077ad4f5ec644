from __future__ import annotations

import pytest

CLASSES = "metainfo=dict(classes=('cat', 'dog'))"


@pytest.mark.parametrize(
    ('split', 'ann_file', 'message'),
    [
        ('test', 'val.txt', 'test must not be val'),
        ('test', './sub/../val.txt', 'test must not be val'),
        ('test', 'train.txt', 'test must not be train'),
        ('val', 'train.txt', 'val must not be train'),
    ],
)
def test_two_splits_cannot_read_one_list(problems_of, split, ann_file, message):
    (problem,) = problems_of(f"{split}_dataloader = dict(dataset=dict(ann_file='{ann_file}'))")
    assert problem.startswith(f'{split}_dataloader.dataset.ann_file (child.py:2): reads')
    assert message in problem


def test_stock_mmdets_habit_is_refused(problems_of):
    (problem,) = problems_of('test_dataloader = _base_.val_dataloader')
    assert 'test must not be val' in problem


def test_the_same_list_name_below_another_root_is_another_list(problems_of):
    text = f"""
    data_root = None
    train_dataloader = dict(dataset=dict(data_root='a', ann_file='list.txt', {CLASSES}))
    val_dataloader = dict(dataset=dict(data_root='b', ann_file='list.txt', {CLASSES}))
    """
    assert problems_of(text) == []


def test_one_shared_part_of_a_concatenation_is_enough(problems_of):
    text = f"""
    train_dataloader = dict(dataset=dict(_delete_=True, type='ConcatDataset', datasets=[
        dict(type='VOCDataset', ann_file='train.txt', {CLASSES}),
        dict(type='VOCDataset', ann_file='val.txt', {CLASSES})]))
    """
    (problem,) = problems_of(text)
    assert 'train_dataloader.dataset.datasets.1' in problem


def test_held_out_splits_keep_and_order_everything(problems_of):
    text = """
    val_dataloader = dict(sampler=dict(shuffle=True), dataset=dict(test_mode=False))
    """
    problems = problems_of(text)
    assert [p.split(' ')[0] for p in problems] == [
        'val_dataloader.dataset.test_mode',
        'val_dataloader.sampler.shuffle',
    ]


def test_an_epoch_is_one_pass(problems_of):
    text = f"""
    val_dataloader = dict(dataset=dict(_delete_=True, type='RepeatDataset', times=3,
        dataset=dict(type='VOCDataset', ann_file='val.txt', test_mode=True, {CLASSES})))
    """
    (problem,) = problems_of(text)
    assert 'RepeatDataset(times=3)' in problem


def lists(split, *names, **more):
    words = ''.join(f', {k}={v!r}' for k, v in more.items())
    return f'{split}_dataloader = dict(dataset=dict(ann_file={list(names)!r}{words}))\n'


def test_each_of_several_lists_is_compared(problems_of):
    assert problems_of(lists('train', 'a.txt', 'b.txt') + lists('val', 'c.txt', 'd.txt')) == []
    problems = problems_of(lists('train', 'a.txt', 'b.txt') + lists('val', 'b.txt', './a.txt'))
    assert len(problems) == 2
    assert "a.txt', as train_dataloader.dataset does" in problems[0]
    assert "b.txt', as train_dataloader.dataset does" in problems[1]


@pytest.mark.parametrize(
    ('train', 'val', 'count'),
    [
        (dict(start=0, stop=0.9), dict(start=0.9, stop=1.0), 0),
        (dict(stop=0.9), dict(start=0.9), 0),
        (dict(start=0.9), dict(stop=0.9), 0),
        (dict(stop=0.9), dict(start=0.8), 1),
        (dict(stop=0.9), dict(start=0.9, seed=1), 1),  # another draw
        (dict(stop=0.9), dict(), 1),
        (dict(stop='much'), dict(start=0.9), 1),
    ],
)
def test_parts_of_one_list_may_not_overlap(problems_of, train, val, count):
    text = lists('train', 'a.txt', part=train) + lists('val', 'a.txt', part=val)
    assert len(problems_of(text)) == count


def test_a_measured_split_leaves_out_nothing(problems_of):
    text = lists('train', 'a.txt', corrupt='skip') + lists('test', 'b.txt', corrupt='skip')
    (problem,) = problems_of(text)
    assert problem.startswith('test_dataloader.dataset.corrupt') and "must be 'error'" in problem


@pytest.mark.parametrize(
    'spelling', ['./lists/val.txt', 'lists/../lists/val.txt', 'link.txt', None]
)
def test_one_list_under_another_spelling(problems_of, tmp_path, spelling):
    """Below one root, by a link, or by its absolute path."""
    (tmp_path / 'data' / 'lists').mkdir(parents=True)
    (tmp_path / 'data' / 'lists' / 'val.txt').write_text('a')
    (tmp_path / 'data' / 'link.txt').symlink_to(tmp_path / 'data' / 'lists' / 'val.txt')
    spelling = spelling or str(tmp_path / 'data' / 'lists' / 'val.txt')
    text = "data_root = 'data'\n" + lists('val', 'lists/val.txt') + lists('test', spelling)
    (problem,) = problems_of(text)
    assert 'test must not be val' in problem and 'as val_dataloader.dataset does' in problem


def test_one_list_below_a_linked_root(problems_of, tmp_path):
    (tmp_path / 'data').mkdir()
    (tmp_path / 'again').symlink_to(tmp_path / 'data')
    text = f"""
    data_root = None
    train_dataloader = dict(dataset=dict(data_root='data', ann_file='list.txt', {CLASSES}))
    val_dataloader = dict(dataset=dict(data_root='again', ann_file='list.txt', {CLASSES}))
    """
    (problem,) = problems_of(text)
    assert "reads 'again/list.txt', as train_dataloader.dataset does ('data/list.txt')" in problem


def test_a_link_to_another_list_is_another_list(problems_of, tmp_path):
    """`sub/../a.txt` is not `a.txt` where `sub` is a link."""
    (tmp_path / 'elsewhere' / 'deep').mkdir(parents=True)
    (tmp_path / 'data').mkdir()
    (tmp_path / 'data' / 'sub').symlink_to(tmp_path / 'elsewhere' / 'deep')
    text = "data_root = 'data'\n" + lists('val', 'a.txt') + lists('test', 'sub/../a.txt')
    assert problems_of(text) == []


@pytest.mark.parametrize(
    ('val', 'test', 'count'),
    [
        (dict(indices=10), dict(), 1),
        (dict(indices=10), dict(indices=20), 1),
        (dict(indices=[0, 1]), dict(indices=[1, 2]), 1),
        (dict(indices=[0, 1]), dict(indices=[2, 3]), 0),
        (dict(indices=3), dict(indices=[3, 4]), 0),
        (dict(indices=-3), dict(indices=3), 0),  # the last and the first: known when it is read
        (dict(indices=9, part=dict(stop=0.5)), dict(indices=8, part=dict(start=0.5)), 0),
    ],
)
def test_indices_of_one_list(problems_of, val, test, count):
    text = lists('val', 'a.txt', **val) + lists('test', 'a.txt', **test)
    assert len([p for p in problems_of(text) if 'must not be' in p]) == count

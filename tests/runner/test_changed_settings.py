import re

import pytest

from mmholdout.runner.changed_settings import changed_settings

META = {
    'words': {'train_dataloader': {'batch_size': 8}, 'optim_wrapper': {'lr': 0.01}},
    'versions': {'torch': '2.13.0', 'mmholdout': '0.1', 'python': '3.11.7'},
    'seed': 0,
    'precision': 'float32',
    'device': 'cpu',
    'classes': ('a', 'b'),
    'splits': {'images': {'train': 24, 'val': 10}},
}


def test_nothing_has_changed():
    assert changed_settings(META, META) == []


def test_a_setting_is_no_warning():
    words = {**META['words'], 'optim_wrapper': {'lr': 0.02}}
    (said,) = changed_settings(META, {**META, 'words': words})
    assert said.splitlines()[1:] == ['  optim_wrapper.lr: 0.01 -> 0.02']


def test_twenty_lines_and_how_many_more():
    words = {f'key{i}': i for i in range(25)}
    (said,) = changed_settings({**META, 'words': {}}, {**META, 'words': words})
    assert len(said.splitlines()) == 22
    assert said.endswith('and 5 more')


@pytest.mark.parametrize(
    ('change', 'said'),
    [
        ({'seed': 1}, 'seed 0 -> 1'),
        ({'precision': 'bfloat16'}, 'precision float32 -> bfloat16'),
        ({'device': 'cuda'}, 'device cpu -> cuda'),
        ({'classes': ('b', 'a')}, 'classes a, b -> b, a'),
        ({'splits': {'images': {'train': 20}}}, 'training images 24 -> 20'),
        (
            {'words': {**META['words'], 'train_dataloader': {'batch_size': 4}}},
            'batch size 8 -> 4',
        ),
    ],
)
def test_what_makes_it_another_run_is_a_sentence_of_its_own(change, said):
    last = changed_settings(META, {**META, **change})[-1]
    assert re.match(f'warning: {said}: the run goes on .* not to the byte', last)


def test_versions():
    now = {**META, 'versions': {**META['versions'], 'torch': '2.14.0', 'numba': '1'}}
    versions, warning = changed_settings(META, now)
    assert versions.endswith('torch 2.13.0 -> 2.14.0, numba none -> 1')
    assert 'other versions' in warning


def test_what_a_state_does_not_say_is_not_compared():
    assert changed_settings({'words': META['words'], 'versions': META['versions']}, META) == []

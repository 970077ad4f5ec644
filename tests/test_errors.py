from __future__ import annotations

import pickle

import pytest

from mmholdout import errors
from mmholdout.errors import ConfigError, UserError, did_you_mean


def test_one_problem_is_printed_as_it_is():
    assert str(ConfigError('lr must be positive')) == 'lr must be positive'


def test_several_problems_are_a_numbered_list_with_continuation_lines_indented():
    assert str(ConfigError(['first', 'second\nmore of it'])) == (
        '2 problems:\n  1. first\n  2. second\n     more of it'
    )


def test_no_problem_is_no_error():
    with pytest.raises(ValueError, match='needs a problem'):
        ConfigError([])


def test_it_survives_the_way_out_of_a_worker_process():
    error = pickle.loads(pickle.dumps(ConfigError(['a', 'b'])))  # noqa: S301 - ours
    assert type(error) is ConfigError
    assert error.problems == ('a', 'b')


def test_every_error_of_the_file_is_a_user_error_with_exit_code_2():
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, Exception)]
    assert len(kinds) >= 8
    assert all(issubclass(kind, UserError) and kind.exit_code == 2 for kind in kinds)


@pytest.mark.parametrize(
    ('name', 'known', 'expected'),
    [
        ('intervall', ['interval', 'begin', 'metric'], " Did you mean 'interval'?"),
        ('SDG', ['SGD', 'Adam', 'AdamW'], " Did you mean 'SGD'?"),
        ('train_cgf', ['train_cfg', 'val_cfg', 'test_cfg'], " Did you mean 'train_cfg'?"),
        # only capitals differ: named alone, although 'val/AP' is near too
        ('val/map', ['val/loss', 'val/AP', 'val/mAP'], " Did you mean 'val/mAP'?"),
        ('map', ['mAP', 'F1'], " Did you mean 'mAP'?"),
        ('ap', ['Ap', 'AP'], " Did you mean 'AP' or 'Ap'?"),  # neither swallows the other
        (
            'val_loader',
            ['val_loaders', 'val_loaded'],
            " Did you mean 'val_loaders' or 'val_loaded'?",
        ),
        ('mAP', ['mAP', 'mAP'], " Did you mean 'mAP'?"),
        ('xyz', ['interval', 'begin'], ''),
        ('anything', [], ''),
    ],
)
def test_did_you_mean(name, known, expected):
    assert did_you_mean(name, known) == expected


def test_did_you_mean_reads_an_iterator_once():
    assert did_you_mean('schedul', iter(['schedule'])) == " Did you mean 'schedule'?"


def test_advice_comes_last_and_is_no_problem_of_its_own():
    error = ConfigError('first')
    error.advice = 'do this'
    assert (str(error), error.problems) == ('first\ndo this', ('first',))

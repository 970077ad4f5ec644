"""`refit`: a finished run once more on train and val together, without validation."""

from __future__ import annotations

import copy
import math
from typing import Any

from mmholdout.config.leaves import leaves
from mmholdout.config.problems import Problems, got
from mmholdout.config.words import section
from mmholdout.errors import ConfigError

# Hooks that act on validations. What the first two did to the rate and the batch is repeated.
STEERING = ('ReduceLROnPlateauHook', 'IncreaseBatchSizeOnPlateauHook', 'EarlyStoppingHook')
KEYS = (
    'of',
    'checkpoint',
    'monitor',
    'value',
    'epochs',
    'max_epochs',
    'iters_per_epoch',
    'rate_cuts',
    'batch_growths',
    'score_thr',
    'class_score_thrs',
)
# How a data set is read for training; the val images are read like the training images.
_AS_TRAINED = ('pipeline', 'filter_cfg', 'difficult', 'corrupt', 'strict', 'max_refetch')


def check_refit(cfg: dict[str, Any], problems: Problems) -> None:
    """A `refit` section that `tools/refit.py` cannot have written."""
    if cfg.get('refit') is None:
        return
    words = section(cfg, 'refit')
    missing = [key for key in KEYS if key not in words]
    if missing:
        problems.add(
            ('refit',),
            f'is written by tools/refit.py WORK_DIR, and lacks {", ".join(missing)}; '
            f'got {got(cfg["refit"])}',
        )
        return
    for key in words:
        if key not in KEYS:
            problems.unknown(('refit', key), f'refit has no {key!r}', KEYS)
    epochs = words['epochs']
    if not isinstance(epochs, int) or isinstance(epochs, bool) or epochs < 1:
        problems.add(('refit', 'epochs'), f'must be an integer >= 1, got {got(epochs)}')


def as_refit(words: dict[str, Any]) -> dict[str, Any]:
    """Translated words of the run that `refit` describes; without that section as they came.

    The training split is train and val; the loop ends with the epoch that validation chose, the
    rate is repeated by epochs, and nothing is validated, selected or stopped early. The val split
    stays in the words, for its pipeline is the one to predict with.

    Args:
        words: translated and checked.

    Raises:
        ConfigError: the two splits cannot be joined.
    """
    refit = words.get('refit')
    if not refit:
        return words
    words = copy.deepcopy(words)
    words['train_dataloader']['dataset'] = joined(words)
    loop = words['train_cfg']
    loop.pop('max_iters', None)
    loop |= {'max_epochs': math.ceil(refit['max_epochs']), 'refit_epochs': refit['epochs']}
    loop |= {'by_epoch': True, 'interval': 1, 'begin': 1}
    hooks = words['default_hooks']
    hooks['rate'] = {
        'type': 'ReplayedRateHook',
        'schedule': hooks['rate']['schedule'],
        **{k: refit[k] for k in ('max_epochs', 'iters_per_epoch', 'rate_cuts', 'batch_growths')},
    }
    hooks.pop('best', None)
    words['custom_hooks'] = [
        hook
        for hook in words.get('custom_hooks') or ()
        if str(hook['type']).rpartition('.')[2] not in STEERING
    ]
    return words


def joined(words: dict[str, Any]) -> dict[str, Any]:
    """The training data set with that of val beside it, below the same wrappers.

    Raises:
        ConfigError: a wrapper that has to know the classes of each image.
    """
    pattern = next(leaf for _, leaf in leaves(words, 'train'))
    added = []
    for _, leaf in leaves(words, 'val'):
        own = {k: v for k, v in leaf.items() if k not in (*_AS_TRAINED, 'test_mode')}
        own |= {k: copy.deepcopy(pattern[k]) for k in _AS_TRAINED if k in pattern}
        added.append(own)
    return _beside(copy.deepcopy(words['train_dataloader']['dataset']), added)


def _beside(dataset: dict[str, Any], added: list[dict[str, Any]]) -> dict[str, Any]:
    kind = str(dataset.get('type')).rpartition('.')[2]
    if kind == 'ClassBalancedDataset':
        raise ConfigError(
            'train_dataloader.dataset: ClassBalancedDataset takes one data set, so that val cannot '
            'be put beside train in it. Write one list of the ids of train and val, and train on '
            'it with the epochs and rates that you want'
        )
    if isinstance(dataset.get('dataset'), dict):
        return {**dataset, 'dataset': _beside(dataset['dataset'], added)}
    if isinstance(dataset.get('datasets'), list | tuple):
        return {**dataset, 'datasets': [*dataset['datasets'], *added]}
    return {'type': 'ConcatDataset', 'datasets': [dataset, *added]}

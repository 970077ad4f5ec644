"""The closed schema: every key of the top level and of the sections without a type."""

from __future__ import annotations

from typing import Any

from mmholdout.config.origin import KeyPath
from mmholdout.config.problems import Problems, got
from mmholdout.config.words import (
    EVALUATORS,
    HOOK_TYPES,
    LOADERS,
    LOOP_TYPES,
    REQUIRED,
    SECTIONS,
    TOP_LEVEL,
    section,
)

_DICTS = (
    'model',
    *LOADERS,
    *LOOP_TYPES,
    'evaluation',
    'splits',
    'optim_wrapper',
    'schedule',
    'default_hooks',
    'randomness',
    'env_cfg',
)
_MAY_BE_NONE = (*LOOP_TYPES, *LOADERS[2:], 'custom_imports', *EVALUATORS)


def check_schema(cfg: dict[str, Any], problems: Problems, said: set[KeyPath]) -> None:
    """Unknown and missing keys, and sections of the wrong kind.

    Args:
        cfg: the user's words.
        problems: is added to.
        said: key paths that have had their message.
    """
    for key in cfg:
        if key not in TOP_LEVEL and (key,) not in said:
            problems.unknown(
                (key,), 'is no word of a config, and no line of the base chain reads it', TOP_LEVEL
            )
    for key in REQUIRED:
        if not cfg.get(key):
            problems.add((key,), 'is missing; it must be a dict')
    for key in _DICTS:
        value = cfg.get(key)
        if key in cfg and not isinstance(value, dict) and not (value is None and _none_ok(key)):
            problems.add((key,), f'must be a dict, got {got(value)}')
    for path, known in SECTIONS.items():
        for key in section(cfg, *path):
            if key not in known and (*path, key) not in said:
                problems.unknown((*path, key), f'{".".join(path)} has no {key!r}', known)
    _check_hooks(cfg, problems)
    _check_loaders(cfg, problems)
    _check_freeze(cfg, problems)
    _check_scalars(cfg, problems)


def _none_ok(key: str) -> bool:
    return key in _MAY_BE_NONE


def _check_hooks(cfg: dict[str, Any], problems: Problems) -> None:
    hooks = cfg.get('custom_hooks', [])
    if not isinstance(hooks, list | tuple):
        problems.add(('custom_hooks',), f'must be a list of dicts, got {got(hooks)}')
        hooks = []
    for i, hook in enumerate(hooks):
        if not isinstance(hook, dict):
            problems.add(('custom_hooks', i), f'must be a dict with a type, got {got(hook)}')
    for name, hook in section(cfg, 'default_hooks').items():
        if name not in HOOK_TYPES:
            continue
        if hook is not None and not isinstance(hook, dict):
            problems.add(('default_hooks', name), f'must be a dict or None, got {got(hook)}')
        elif name == 'checkpoint' and hook is None:
            problems.add(
                ('default_hooks', name), 'cannot be None: a run that saves nothing is lost'
            )


def _check_freeze(cfg: dict[str, Any], problems: Problems) -> None:
    paths = cfg.get('freeze')
    if paths is None:
        return
    if not isinstance(paths, list | tuple) or not all(isinstance(p, str) and p for p in paths):
        problems.add(
            ('freeze',),
            f"must be a list of paths of modules, say ['backbone.stage1'], got {got(paths)}",
        )


def _check_loaders(cfg: dict[str, Any], problems: Problems) -> None:
    for loader in LOADERS:
        words = section(cfg, loader)
        if not words:
            continue
        if not isinstance(words.get('dataset'), dict):
            problems.add((loader, 'dataset'), f'must be a dict, got {got(words.get("dataset"))}')
        size = words.get('batch_size', 1)
        if not _whole(size) or size < 1:
            problems.add((loader, 'batch_size'), f'must be an integer >= 1, got {got(size)}')
        workers = words.get('num_workers', 0)
        if not _whole(workers) or workers < 0:
            problems.add((loader, 'num_workers'), f'must be an integer >= 0, got {got(workers)}')
        kind = section(words, 'sampler').get('type', 'DefaultSampler')
        if kind != 'DefaultSampler':
            problems.add(
                (loader, 'sampler', 'type'), f"only 'DefaultSampler' works yet, got {got(kind)}"
            )
        if loader != 'train_dataloader' and words.get('drop_last'):
            problems.add((loader, 'drop_last'), 'must be False: every image is measured')
        if words.get('persistent_workers') and not workers:
            problems.add((loader, 'persistent_workers'), 'needs num_workers >= 1; set it to False')


def _check_scalars(cfg: dict[str, Any], problems: Problems) -> None:
    train = section(cfg, 'train_cfg')
    if train:
        given = {k: train[k] for k in ('max_epochs', 'max_iters') if train.get(k) is not None}
        if len(given) != 1:
            problems.add(
                ('train_cfg',), f'needs exactly one of max_epochs and max_iters, got {given}'
            )
        for key, value in given.items():
            if not _whole(value) or value < 1:
                problems.add(('train_cfg', key), f'must be an integer >= 1, got {got(value)}')
    for key in ('data_root', 'load_from', 'work_dir'):
        value = cfg.get(key)
        if value is not None and not isinstance(value, str):
            problems.add((key,), f'must be a string or None, got {got(value)}')
    if section(cfg, 'custom_imports').get('allow_failed_imports'):
        problems.add(
            ('custom_imports', 'allow_failed_imports'), 'must be False: what fails is not there'
        )
    for key in EVALUATORS:
        value = cfg.get(key)
        parts = value if isinstance(value, list | tuple) else [value]
        if value is not None and not all(isinstance(part, dict) for part in parts):
            problems.add((key,), f'must be a dict or a list of dicts, got {got(value)}')
    seed = section(cfg, 'randomness').get('seed', 0)
    if not _whole(seed) or seed < 0:
        problems.add(('randomness', 'seed'), f'must be an integer >= 0, got {got(seed)}')
    if cfg.get('launcher', 'none') != 'none':
        problems.add(('launcher',), f'only "none" works yet, got {got(cfg["launcher"])}')
    if cfg.get('resume'):
        problems.add(('resume',), 'belongs on the command line: tools/train.py CONFIG --resume')
    scope = cfg.get('default_scope', 'mmholdout')
    if scope not in ('mmholdout', 'mmdet', None):
        problems.add(
            ('default_scope',), f'must be "mmholdout", which knows mmdet\'s types; got {got(scope)}'
        )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

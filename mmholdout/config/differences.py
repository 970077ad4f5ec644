"""What two configs say differently, by key path and in the user's own words."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

Path = tuple[str, ...]

_ABSENT = object()
_WIDTH = 60  # columns of a shown value

# What has no part in what is trained.
_NO_MATTER: tuple[Path, ...] = (
    ('work_dir',),
    ('launcher',),
    ('default_scope',),
    ('resume',),
    ('load_from',),
    ('env_cfg', 'dist_cfg'),
    ('env_cfg', 'mp_cfg'),
    ('default_hooks', 'console'),
    ('default_hooks', 'curves'),
    ('default_hooks', 'overfitting'),
    *(
        (f'{split}_dataloader', key)
        for split in ('train', 'val', 'test')
        for key in ('num_workers', 'persistent_workers', 'prefetch_factor', 'pin_memory', 'timeout')
    ),
)
# Translated words -> what the user wrote; the longest that fits.
_USERS: dict[Path, Path] = {
    ('train_cfg', 'interval'): ('evaluation', 'interval'),
    ('train_cfg', 'by_epoch'): ('evaluation', 'by_epoch'),
    ('train_cfg', 'begin'): ('evaluation', 'begin'),
    ('val_cfg', 'loss'): ('evaluation', 'loss'),
    ('val_cfg', 'train_eval'): ('evaluation', 'train_eval'),
    ('val_cfg', 'bootstrap'): ('evaluation', 'bootstrap'),
    ('val_evaluator', 'iou_thr'): ('evaluation', 'iou_thr'),
    ('val_evaluator', 'also'): ('evaluation', 'metric'),
    ('default_hooks', 'best', 'monitor'): ('evaluation', 'save_best'),
    ('default_hooks', 'rate', 'schedule'): ('schedule',),
    ('default_hooks', 'ema'): ('ema',),
    ('default_hooks', 'compile'): ('compile',),
}


def differences(before: Any, now: Any) -> list[str]:
    """One line a changed value: 'optim_wrapper.optimizer.lr: 0.01 -> 0.02'.

    Lists of things with a `type` are compared type by type, so that one step more in a pipeline
    is one line. A value that is changed alike under the same last key is shown once, with the
    number of places: moved data has one root for many splits.

    Args:
        before: translated words as plain types.
        now: the same.
    """
    places: dict[tuple[str, str], list[Path]] = {}
    for path, was, is_now in _changes(before, now, ()):
        change = f'{_shown(was)} -> {_shown(is_now)}'
        shown = _users_words(path)
        places.setdefault((shown[-1] if shown else '', change), []).append(shown)
    return [
        f'{".".join(paths[0])}{f" and {len(paths) - 1} more" if len(paths) > 1 else ""}: {change}'
        for (_, change), paths in places.items()
    ]


def _changes(before: Any, now: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if path in _NO_MATTER:
        return
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*before, *now]):
            yield from _changes(before.get(key, _ABSENT), now.get(key, _ABSENT), (*path, str(key)))
    elif _is_list(before) and _is_list(now):
        yield from _list_changes(list(before), list(now), path)
    elif before is _ABSENT or now is _ABSENT or before != now:
        yield path, before, now


def _list_changes(before: list[Any], now: list[Any], path: Path) -> Iterator[tuple[Path, Any, Any]]:
    kinds = [[_kind(one) for one in given] for given in (before, now)]
    if None in (*kinds[0], *kinds[1]):
        if before != now:
            yield path, before, now
        return
    matcher = SequenceMatcher(None, *kinds, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == 'equal':
            for old, new in zip(range(i, i_end), range(j, j_end)):
                yield from _changes(before[old], now[new], (*path, str(new)))
            continue
        for old in range(i, i_end):
            yield (*path, str(old)), before[old], _ABSENT
        for new in range(j, j_end):
            yield (*path, str(new)), _ABSENT, now[new]


def _kind(value: Any) -> str | None:
    return str(value['type']) if isinstance(value, dict) and 'type' in value else None


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _users_words(path: Path) -> Path:
    for length in range(len(path), 0, -1):
        if path[:length] in _USERS:
            return _USERS[path[:length]] + path[length:]
    return path


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return 'not there'
    if isinstance(value, dict) and 'type' in value:
        rest = ', '.join(f'{k}={v!r}' for k, v in value.items() if k != 'type')
        text = f'{value["type"]}({rest})'
    else:
        text = repr(value)
    return text if len(text) <= _WIDTH else f'{text[: _WIDTH - 3]}...'

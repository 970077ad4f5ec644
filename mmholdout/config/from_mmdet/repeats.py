"""`RepeatDataset(times=k)` folded: an epoch is one pass, and everything in epochs times k."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, whole

_P = ('train_dataloader', 'dataset')
_EPOCHS_OF_PARTS = ('begin', 'end', 'length')
_EPOCHS_OF_HOOKS = {
    'YOLOXModeSwitchHook': ('num_last_epochs',),
    'PipelineSwitchHook': ('switch_epoch',),
    'ReduceLROnPlateauHook': ('begin',),
    'EarlyStoppingHook': ('begin',),
}


def fold_repeats(r: Rewriting) -> None:
    """The inner data set, with k times the epochs, intervals and milestones."""
    times = 1
    while bare(r.dict_at(*_P).get('type')) == 'RepeatDataset':
        given, inner = r.at(*_P, 'times'), r.at(*_P, 'dataset')
        if not whole(given) or given < 1 or not isinstance(inner, dict):
            return  # the data set says so
        times *= given
        r.origins.moved((*_P, 'dataset'), _P)
        r.set(_P, inner)
    if times == 1:
        return
    changed = [f'{name} x {times}' for name, done in _multiply(r, times) if done]
    r.say(
        f'RepeatDataset(times={times}) -> its data set, of which an epoch is one pass; '
        + ', '.join(changed)
    )


def _multiply(r: Rewriting, times: int) -> list[tuple[str, bool]]:
    by_epoch = r.dict_at('evaluation').get('by_epoch', True) is True
    if by_epoch and r.at('train_cfg', 'max_epochs') and not r.has('evaluation', 'interval'):
        r.set(('evaluation', 'interval'), 1)
    done = [
        ('train_cfg.max_epochs', _times(r, times, 'train_cfg', 'max_epochs')),
        ('evaluation.interval', by_epoch and _times(r, times, 'evaluation', 'interval')),
        ('evaluation.begin', _later(r.dict_at('evaluation'), 'begin', times)),
        ('ema.begin', _later(r.dict_at('ema'), 'begin', times)),
        ('save_every', _times(r, times, 'default_hooks', 'checkpoint', 'save_every')),
        ('schedule', _schedule(r.dict_at('schedule'), times)),
    ]
    hooks = r.at('custom_hooks')
    for hook in hooks if isinstance(hooks, list | tuple) else ():
        kind = bare(hook.get('type')) if isinstance(hook, dict) else ''
        for key in _EPOCHS_OF_HOOKS.get(kind, ()):
            if key == 'begin':
                done.append((f'{kind}.{key}', _later(hook, key, times)))
            elif whole(hook.get(key)):
                hook[key] *= times
                done.append((f'{kind}.{key}', True))
    return done


def _times(r: Rewriting, times: int, *path: str) -> bool:
    value = r.at(*path)
    if not whole(value):
        return False
    r.set(path, value * times)
    return True


def _later(words: dict[str, Any], key: str, times: int) -> bool:
    """A first epoch, which is counted from 1."""
    value = words.get(key)
    if not whole(value) or value == 1:
        return False
    words[key] = (value - 1) * times + 1
    return True


def _schedule(words: dict[str, Any], times: int) -> bool:
    parts = words.get('factors')
    if not isinstance(parts, list | tuple):
        if words.get('by_epoch', True) and 'milestones' in words:
            words['milestones'] = [m * times for m in words['milestones']]
            return True
        return False
    done = False
    for part in parts:
        if not part.get('by_epoch', True):
            continue
        done = True
        for key in _EPOCHS_OF_PARTS:
            if key in part:
                part[key] *= times
        if 'milestones' in part:
            part['milestones'] = [m * times for m in part['milestones']]
        if part['type'] == 'decay':
            part['gamma'] **= 1 / times
    return done

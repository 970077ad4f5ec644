"""2.x: how long a run is, what it saves and prints, seeds and processes."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.rewriting import Rewriting, shown, whole

_NO_WORK = 'the state of a run is always saved whole, in its run folder'
_CHECKPOINT_EXTRA = {
    'save_optimizer': _NO_WORK,
    'out_dir': _NO_WORK,
    'meta': _NO_WORK,
    'create_symlink': _NO_WORK,
    'sync_buffer': 'a run has one process',
}


def rewrite_runtime(r: Rewriting) -> None:
    """`runner`, `total_epochs`, `checkpoint_config`, `log_config`, `workflow`, ..."""
    _length(r)
    _checkpoint(r)
    _log(r)
    _workflow(r)
    _resume(r)
    _processes(r)


def _length(r: Rewriting) -> None:
    if r.has('total_epochs'):
        value = r.take('total_epochs')
        r.put(('train_cfg', 'max_epochs'), value, ('total_epochs',), was=value)
    if not r.has('runner'):
        return
    runner = r.take('runner')
    if not isinstance(runner, dict):
        r.refuse(('runner',), f'must be a dict, got {shown(runner)}')
        return
    for key, value in runner.items():
        if key in ('max_epochs', 'max_iters'):
            r.put(('train_cfg', key), value, ('runner', key), was=value)
        elif key != 'type':
            r.refuse(('runner', key), 'has no counterpart; write train_cfg=dict(max_epochs=...)')
    kind = runner.get('type', 'EpochBasedRunner')
    if kind not in ('EpochBasedRunner', 'IterBasedRunner'):
        r.refuse(
            ('runner', 'type'),
            f"{kind!r} has no counterpart; write train_cfg=dict(type='TrainLoop', max_epochs=...)",
        )
    elif kind == 'IterBasedRunner' and 'max_iters' in runner:
        r.set(('evaluation', 'by_epoch'), r.dict_at('evaluation').get('by_epoch', False))


def _checkpoint(r: Rewriting) -> None:
    if not r.has('checkpoint_config'):
        return
    given = r.take('checkpoint_config')
    if given is None:
        r.say('checkpoint_config = None -> nothing: the last and the best state are always saved')
        return
    if not isinstance(given, dict):
        r.refuse(('checkpoint_config',), f'must be a dict, got {shown(given)}')
        return
    for key, value in given.items():
        old = ('checkpoint_config', key)
        if key == 'interval':
            if given.get('by_epoch') is False or r.dict_at('train_cfg').get('max_iters'):
                r.say(f'{".".join(old)} = {value} -> nothing: the state is saved after each epoch')
            else:
                r.put(('default_hooks', 'checkpoint', 'save_every'), value, old, was=value)
        elif key == 'max_keep_ckpts':
            keep = value if whole(value) and value > 0 else 0
            r.put(
                ('default_hooks', 'checkpoint', 'keep'),
                keep,
                old,
                was=value,
                why='besides the last and the best',
            )
        elif key in _CHECKPOINT_EXTRA:
            r.say(f'{".".join(old)} = {shown(value)} -> nothing: {_CHECKPOINT_EXTRA[key]}')
        elif key not in ('type', 'by_epoch'):
            r.refuse(old, 'has no counterpart; default_hooks.checkpoint takes save_every and keep')


def _log(r: Rewriting) -> None:
    given = r.take('log_config')
    if not isinstance(given, dict):
        if given is not None:
            r.refuse(('log_config',), f'must be a dict, got {shown(given)}')
        return
    if 'interval' in given:
        value = given['interval']
        r.put(
            ('default_hooks', 'console', 'interval'), value, ('log_config', 'interval'), was=value
        )
    hooks = given.get('hooks') or ()
    for hook in hooks if isinstance(hooks, list | tuple) else ():
        kind = hook.get('type') if isinstance(hook, dict) else hook
        if kind != 'TextLoggerHook':
            r.say(
                f'log_config.hooks: {kind} -> nothing: history.jsonl and curves.png in the run '
                'folder hold all numbers'
            )


def _workflow(r: Rewriting) -> None:
    flow = r.take('workflow')
    if flow is None:
        return
    pairs = flow if isinstance(flow, list | tuple) else ()
    steps = [step[0] for step in pairs if isinstance(step, list | tuple) and step]
    if not steps:
        r.refuse(('workflow',), f"must be a list such as [('train', 1)], got {shown(flow)}")
        return
    if 'val' in steps:
        r.put(
            ('evaluation', 'loss'),
            True,
            ('workflow',),
            was=flow,
            why='the validation loss, at each validation',
        )
    else:
        r.say(f'workflow = {flow} -> nothing: training, with validation at evaluation.interval')


def _resume(r: Rewriting) -> None:
    if not r.has('resume_from'):
        return
    source = r.take('resume_from')
    if source:
        r.refuse(
            ('resume_from',),
            f'belongs on the command line: tools/train.py CONFIG --resume {source}; weights alone '
            '(a checkpoint of mmdet) go into load_from',
        )
    else:
        r.say('resume_from = None -> nothing: --resume on the command line')


def _processes(r: Rewriting) -> None:
    moves: dict[str, tuple[str, ...]] = {
        'cudnn_benchmark': ('env_cfg', 'cudnn_benchmark'),
        'opencv_num_threads': ('env_cfg', 'mp_cfg', 'opencv_num_threads'),
        'mp_start_method': ('env_cfg', 'mp_cfg', 'mp_start_method'),
        'dist_params': ('env_cfg', 'dist_cfg'),
        'seed': ('randomness', 'seed'),
        'deterministic': ('randomness', 'deterministic'),
    }
    for old, new in moves.items():
        if r.has(old):
            value: Any = r.take(old)
            if value is not None and r.has(*new):
                r.say(
                    f'{old} = {shown(value)} -> nothing: {".".join(new)} = {r.at(*new)!r} says it'
                )
            elif value is not None:
                r.put(new, value, (old,), was=value)

"""What a run will do, in words, before it does it."""

from __future__ import annotations

from typing import Any

from mmholdout.config.monitors import resolved_monitors
from mmholdout.runner.parts import Words, build_dataset, leaves
from mmholdout.runner.techniques import techniques


def describe(words: Words, *, with_data: bool) -> str:
    """The plan: splits, model, schedule, when validation happens, what steers what.

    Args:
        words: translated.
        with_data: read the training and val annotations (of test: only the list of ids) and
            compare the splits.

    Raises:
        DataError: what a run would refuse at its start.
    """
    datasets, compared = _datasets(words) if with_data else ({}, [])
    sizes = _sizes(words, datasets)
    lines = [('model', _model(words['model']))]
    refit = words.get('refit')
    read = ('train', 'test') if refit else ('train', 'val', 'test')
    lines += [(split, _split(words, split, sizes)) for split in read]
    lines += [('splits', '\n'.join(compared))] if compared else []
    lines += [('training', _training(words, sizes.get('train')))]
    lines += [('', text) for text in techniques(words)]
    lines += _refit(refit) if refit else _steering(words)
    if with_data:
        from mmholdout.runner.prior_fit import prior_lines

        table, warnings = prior_lines(words, datasets['train'])
        lines += [('priors', table), *(('warning', f'priors: {text}') for text in warnings)]
    width = max(len(name) for name, _ in lines)
    margin = '\n' + ' ' * (width + 2)
    return '\n'.join(name.ljust(width + 2) + text.replace('\n', margin) for name, text in lines)


def _refit(refit: Words) -> list[tuple[str, str]]:
    from mmholdout.runner.refit_model import refit_sentences

    return [('refit', text) for text in refit_sentences(refit)]


def _steering(words: Words) -> list[tuple[str, str]]:
    lines = [('validation', _validation(words))]
    for place, (key, mode) in resolved_monitors(words, words).items():
        lines.append(('steering', f'{_watcher(words, place)}: {key}, {_better(mode)} is better'))
    return lines


def _datasets(words: Words) -> tuple[dict[str, Any], list[str]]:
    """The training and val splits, and how they compare with each other and with test."""
    # Here and above: without data, a check need not wait for mmdet's models and data sets.
    from mmholdout.runner.data_present import require_data
    from mmholdout.runner.separation import compare_quickly, gather

    test = (words.get('test_dataloader') or {}).get('dataset')
    require_data(words, test)
    datasets = {
        split: build_dataset(words[f'{split}_dataloader']['dataset'])
        for split in (('train',) if words.get('refit') else ('train', 'val'))
    }
    return datasets, compare_quickly(gather(datasets, words, test), words)


def _sizes(words: Words, datasets: dict[str, Any]) -> dict[str, int]:
    if not datasets:
        return {}
    from mmholdout.runner.split_images import listed_ids

    sizes = {split: len(dataset) for split, dataset in datasets.items()}
    test = (words.get('test_dataloader') or {}).get('dataset')
    if test is not None and (listed := listed_ids(test)):
        sizes['test'] = len(listed)
    return sizes


def _model(model: Words) -> str:
    parts = [model[part]['type'] for part in ('backbone', 'neck', 'bbox_head') if part in model]
    return f'{model["type"]}: {" -> ".join(parts)}' if parts else str(model['type'])


def _split(words: Words, split: str, sizes: dict[str, int]) -> str:
    loader = words.get(f'{split}_dataloader')
    if loader is None:
        return 'none declared'
    lists = ', '.join(name for leaf in leaves(loader['dataset']) for name in _lists(leaf))
    count = f'{sizes[split]} images, ' if split in sizes else ''
    later = '; not opened before tools/test.py' if split == 'test' else ''
    return f'{count}{lists}, batch {loader.get("batch_size", 1)}{later}'


def _lists(leaf: Words) -> list[str]:
    found = leaf.get('ann_file', leaf['type'])
    part = leaf.get('part')
    if isinstance(leaf.get('split'), str):  # one of those that the file names
        found = f'{found} ({leaf["split"]})'
    of = f' ({part.get("start", 0):g} to {part.get("stop", 1):g} of it)' if part else ''
    return [f'{one}{of}' for one in (found if isinstance(found, list | tuple) else [found])]


def _training(words: Words, images: int | None) -> str:
    loop, wrapper = words['train_cfg'], words['optim_wrapper']
    optimizer = wrapper['optimizer']
    if 'max_iters' in loop:
        length = f'{loop["max_iters"]} iterations'
    else:
        length = f'{loop.get("refit_epochs") or loop["max_epochs"]} epochs'
        if images:
            per_epoch = -(-images // words['train_dataloader'].get('batch_size', 1))
            length += f' of {per_epoch} iterations'
    schedule = dict(words['default_hooks']['rate']['schedule'])
    warmup = schedule.get('warmup')
    if 'factors' in schedule:
        schedule['type'] = ' x '.join(part['type'] for part in schedule['factors'])
    warm = f', warm-up {warmup["iters"]} iterations' if warmup else ''
    return (
        f'at most {length}; {optimizer["type"]}, base rate {optimizer["lr"]:g}, '
        f'{schedule["type"]} schedule{warm}'
    )


def _validation(words: Words) -> str:
    loop, val = words['train_cfg'], words['val_cfg']
    unit = 'epoch' if loop['by_epoch'] else 'iteration'
    interval = loop['interval']
    when = f'after every {unit}' if interval == 1 else f'after every {interval} {unit}s'
    begin = f' from epoch {loop["begin"]} on' if loop['begin'] > 1 else ''
    what = 'loss and metrics' if val['loss'] else 'metrics'
    also = f'; the same of {val["train_eval"]} training images' if val['train_eval'] else ''
    return f'{when}{begin} and after the last: {what} of val{also}'


def _watcher(words: Words, place: str) -> str:
    if place == 'evaluation.save_best':
        return 'best_model.pth'
    hook = words['custom_hooks'][int(place.split('.')[1])]
    patience = f', patience {hook["patience"]} validations' if 'patience' in hook else ''
    return f'{hook["type"]}{patience}'


def _better(mode: str) -> str:
    return 'more' if mode == 'max' else 'less'

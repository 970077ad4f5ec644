"""2.x: `data` to the three loaders."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.normalisation import Normalisation
from mmholdout.config.from_mmdet.rewriting import Rewriting, shown
from mmholdout.config.from_mmdet.three_lines import three_lines_two_x
from mmholdout.config.from_mmdet.two_x_dataset import dataset_of
from mmholdout.config.from_mmdet.two_x_paths import below_data_root
from mmholdout.config.words import SPLITS

_LOADER = {
    'samples_per_gpu': 'batch_size',
    'workers_per_gpu': 'num_workers',
    'persistent_workers': 'persistent_workers',
    'pin_memory': 'pin_memory',
    'drop_last': 'drop_last',
    'prefetch_factor': 'prefetch_factor',
}
_SHARED = ('workers_per_gpu', 'persistent_workers', 'pin_memory', 'prefetch_factor')
_KNOWN = {*_LOADER, *SPLITS, 'shuffle', *(f'{split}_dataloader' for split in SPLITS)}


def rewrite_data(r: Rewriting) -> None:
    """Loaders, data sets, and the normalisation that stood in the pipelines."""
    if not r.has('data'):
        return
    data = r.at('data')
    if not isinstance(data, dict) or not set(data) & set(SPLITS):
        r.refuse(
            ('data',), f'must be dict(train=..., val=..., test=...), got {shown(r.take("data"))}'
        )
        return
    for key in data:
        if key not in _KNOWN:
            r.refuse(
                ('data', key),
                'has no counterpart; a loader is train_dataloader=dict(batch_size=..., '
                'num_workers=..., dataset=dict(...))',
            )
    three_lines_two_x(r, data)
    normalisation = Normalisation()
    for split in SPLITS:
        if data.get(split) is not None:
            _split(r, data, split, normalisation)
    r.take('data')
    normalisation.to_model(r)
    below_data_root(r)


def _split(r: Rewriting, data: dict[str, Any], split: str, normalisation: Normalisation) -> None:
    loader = f'{split}_dataloader'
    if r.has(loader):
        r.refuse(('data', split), f'is said here and in {loader}; keep one of the two')
        return
    held_out = split != 'train'
    dataset = dataset_of(r, data[split], ('data', split), held_out, normalisation)
    r.set((loader,), {})
    r.origins.moved(('data', split), (loader, 'dataset'))
    own = data.get(loader) if isinstance(data.get(loader), dict) else {}
    # 2.x measures image by image unless told otherwise.
    given: dict[str, Any] = {'samples_per_gpu': 1} if held_out else {}
    paths = {}
    for place, words in ((('data',), data), (('data', loader), own)):
        for key in _LOADER:
            shared = key in _SHARED or not held_out or place != ('data',)
            if key in words and shared:
                given[key], paths[key] = words[key], (*place, key)
    if held_out and isinstance(data[split], dict) and 'samples_per_gpu' in data[split]:
        given['samples_per_gpu'] = data[split]['samples_per_gpu']
        paths['samples_per_gpu'] = ('data', split, 'samples_per_gpu')
    for key, value in given.items():
        if key in ('persistent_workers', 'prefetch_factor') and not given.get('workers_per_gpu'):
            continue
        if key in paths:
            r.put((loader, _LOADER[key]), value, paths[key], was=value)
        else:
            r.set((loader, _LOADER[key]), value)
            r.say(f'{loader}.batch_size = {value}, as in 2.x; more is quicker')
    r.set((loader, 'sampler'), {'type': 'DefaultSampler', 'shuffle': not held_out})
    if held_out:
        r.take(loader, 'drop_last')
    if own.get('shuffle', data.get('shuffle')) not in (None, not held_out):
        r.refuse(
            ('data', loader, 'shuffle'), f'{split} is {"not " if held_out else ""}shuffled here'
        )
    r.set((loader, 'dataset'), dataset)
    r.say(f'data.{split} -> {loader}.dataset')

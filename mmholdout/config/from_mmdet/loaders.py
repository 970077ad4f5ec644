"""3.x: words of data loaders that need no counterpart."""

from __future__ import annotations

from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown
from mmholdout.config.words import LOADERS

_DROPPED = {
    'batch_sampler': 'a batch is batch_size images of the shuffled order',
    'collate_fn': 'images of a batch are padded by the data preprocessor',
}
_COLLATE = ('pseudo_collate', 'None')


def rewrite_loaders(r: Rewriting) -> None:
    """Samplers, batch samplers and collate functions."""
    for loader in LOADERS:
        words = r.dict_at(loader)
        sampler = words.get('batch_sampler')
        kind = bare(sampler.get('type')) if isinstance(sampler, dict) else None
        if 'batch_sampler' in words and kind in (None, 'AspectRatioBatchSampler'):
            words.pop('batch_sampler')
            if kind:
                r.say(f'{loader}.batch_sampler = {kind} -> nothing: {_DROPPED["batch_sampler"]}')
        collate = words.get('collate_fn')
        if 'collate_fn' in words and (
            collate is None or (isinstance(collate, dict) and bare(collate.get('type')) in _COLLATE)
        ):
            words.pop('collate_fn')
            if collate:
                r.say(
                    f'{loader}.collate_fn = {shown(collate)} -> nothing: {_DROPPED["collate_fn"]}'
                )
    was = r.dict_at('train_dataloader', 'sampler')
    if bare(was.get('type')) == 'InfiniteSampler':
        place = ('train_dataloader', 'sampler')
        r.take(*place)
        r.put(
            place, {'type': 'DefaultSampler', 'shuffle': was.get('shuffle', True)}, place, was=was
        )

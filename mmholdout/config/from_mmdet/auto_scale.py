"""3.x: `auto_scale_lr`."""

from __future__ import annotations

from mmholdout.config.from_mmdet.rewriting import Rewriting


def rewrite_auto_scale(r: Rewriting) -> None:
    """The rate for this run's batch size where it is switched on; else the two sizes are told."""
    given = r.take('auto_scale_lr')
    if not isinstance(given, dict):
        return
    base, size = given.get('base_batch_size'), r.at('train_dataloader', 'batch_size')
    rate = r.at('optim_wrapper', 'optimizer', 'lr')
    known = all(isinstance(v, int | float) and v > 0 for v in (base, size, rate))
    if not known:
        if given.get('enable'):
            r.refuse(
                ('auto_scale_lr',),
                'needs base_batch_size, train_dataloader.batch_size and optimizer.lr; write '
                'optim_wrapper=dict(optimizer=dict(lr=...)), the rate for your batch size',
            )
        return
    if given.get('enable'):
        new = rate * size / base
        r.take('optim_wrapper', 'optimizer', 'lr')
        r.put(
            ('optim_wrapper', 'optimizer', 'lr'),
            new,
            ('auto_scale_lr',),
            was=given,
            why=f'{rate:g} x {size} / {base} images of a batch',
        )
    elif base != size:
        r.say(
            f'auto_scale_lr = {given} -> nothing; mind that lr = {rate:g} is meant for batches of '
            f'{base} images, and here a batch has {size}: {rate * size / base:g} would be in '
            'proportion'
        )
    else:
        r.say(f'auto_scale_lr = {given} -> nothing: a batch has that many images')

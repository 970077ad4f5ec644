"""The model of a refit, and what is said of it."""

from __future__ import annotations

from typing import Any

from mmholdout.runner.checkpoint import WEIGHTS, read_checkpoint, write_checkpoint
from mmholdout.runner.parts import Words
from mmholdout.runner.run_folder import RunFolder


def write_refit_model(folder: RunFolder) -> None:
    """Write `refit_model.pth` from the last state: weights, and what is known of them.

    To be called when training has come to its end; a resume that finds it ended writes it again.
    """
    last = read_checkpoint(folder.last)
    content = {'kind': WEIGHTS, **{key: last[key] for key in ('meta', 'state_dict')}}
    write_checkpoint(folder.refit_model, content)


def refit_sentences(refit: Words) -> list[str]:
    """What every report of a refit says.

    Args:
        refit: the section of its config.
    """
    cuts = ', '.join(f'{scale:g} after {epochs:g}' for epochs, scale in refit['rate_cuts'])
    growths = ', '.join(f'{scale:g} after {epochs:g}' for epochs, scale in refit['batch_growths'])
    value = '' if refit['value'] is None else f' ({refit["monitor"]} = {refit["value"]:.4f} there)'
    thr = refit['score_thr']
    return [
        f'refit of {refit["of"]}: train and val together, {refit["epochs"]} epochs, which '
        f'validation chose there{value}',
        f'rates as there, epoch by epoch; cuts of the plateau: {cuts or "none"}'
        + (f'; accumulation times {growths} epochs' if growths else ''),
        'nothing is validated: this model has no validation number of its own; precision and '
        'recall on test will be at the score threshold '
        + ('of the metric' if thr is None else f'{thr:.3f}, which validation chose there'),
    ]


def chosen_by_refit(meta: dict[str, Any]) -> str | None:
    """For a report on a checkpoint, what chose it; None where it is of no refit."""
    refit = meta.get('refit')
    if not refit:
        return None
    thr = refit['score_thr']
    carried = '' if thr is None else f' and so was the score threshold {thr:.3f}'
    return (
        f'epoch {meta["epoch"]} of a refit on train and val, which no validation measured; the '
        f'number of epochs was chosen by {refit["monitor"]} = {refit["value"]:.4f} of another '
        f'model ({refit["of"]}){carried}'
    )

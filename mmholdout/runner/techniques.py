"""What a config adds to plain training, in words: averaging, precision, accumulation, clipping."""

from __future__ import annotations

from mmholdout.config.amp import AMP
from mmholdout.runner.parts import Words


def techniques(words: Words) -> list[str]:
    """One phrase for each; empty for plain training.

    Args:
        words: translated.
    """
    wrapper, said = words['optim_wrapper'], []
    if str(wrapper.get('type')).rpartition('.')[2] == AMP:
        dtype = wrapper.get('dtype') or 'float16 on CUDA, bfloat16 on a CPU'
        said.append(f'mixed precision ({dtype})')
    if wrapper.get('accumulative_counts', 1) > 1:
        said.append(f'gradients of {wrapper["accumulative_counts"]} batches make one update')
    if clip := wrapper.get('clip_grad'):
        limit = clip.get('max_norm', clip.get('clip_value'))
        said.append(f'gradients clipped to {clip.get("type", "norm")} {limit:g}')
    if ema := words['default_hooks'].get('ema'):
        said.append(
            f'averaged weights (EMA, momentum {ema.get("momentum", 2e-4):g}) are validated and kept'
        )
    if words.get('freeze'):
        said.append(f'frozen: {", ".join(words["freeze"])}')
    return said

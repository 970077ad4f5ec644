"""`--amp`: mixed precision in place of what the config says."""

from __future__ import annotations

from typing import Any

from mmholdout.errors import ConfigError

AMP = 'AmpOptimWrapper'


def use_amp(cfg: dict[str, Any]) -> None:
    """Change `optim_wrapper.type` in place; one that is mixed already stays as it is.

    Raises:
        ConfigError: a wrapper of the user's own, which is not replaced.
    """
    wrapper = cfg.get('optim_wrapper')
    if not isinstance(wrapper, dict):
        return  # the check says so
    kind = wrapper.get('type', 'OptimWrapper')
    if kind == AMP:
        return
    if kind != 'OptimWrapper':
        raise ConfigError(
            f'--amp replaces OptimWrapper by {AMP}, but optim_wrapper.type is {kind!r}; set '
            f'precision there, or write type={AMP!r}'
        )
    cfg['optim_wrapper'] = {**wrapper, 'type': AMP}

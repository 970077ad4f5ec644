"""Frozen parts of a model: no gradient, no update, always in eval mode."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn
from torch.optim import Optimizer

from mmholdout.errors import ConfigError, did_you_mean


class Frozen:
    """The parts that `freeze = [...]` names.

    Their parameters get no gradient. Their modules stay in eval mode while the rest trains, so
    that BatchNorm neither uses nor changes the statistics of a batch and dropout does nothing.

    Args:
        model: its parameters are marked.
        paths: of modules ('backbone.stage1') or of single parameters.

    Raises:
        ConfigError: a path that the model does not have.
    """

    def __init__(self, model: nn.Module, paths: Sequence[str]) -> None:
        modules, parameters = dict(model.named_modules()), dict(model.named_parameters())
        problems = [
            _unknown(path, modules, parameters)
            for path in paths
            if not path or (path not in modules and path not in parameters)
        ]
        if problems:
            raise ConfigError(problems)
        self.paths = tuple(paths)
        self._model = model
        self._modules = [modules[path] for path in paths if path in modules]
        for path in paths:
            if path in parameters:
                parameters[path].requires_grad_(False)
        for module in self._modules:
            module.requires_grad_(False)

    def keep_in_eval_mode(self) -> None:
        """After `model.train()`; mmdet's own `frozen_stages` see to themselves in that call."""
        for module in self._modules:
            module.eval()

    def check(self) -> None:
        """Raises ConfigError where nothing is left to train."""
        if not any(parameter.requires_grad for parameter in self._model.parameters()):
            raise ConfigError(
                f'freeze = {list(self.paths)} leaves nothing to train: every parameter is frozen, '
                f'those by the model itself (frozen_stages) included'
            )

    def drop_from(self, optimizer: Optimizer) -> None:
        """Leave the optimizer with the parameters that are trained."""
        for group in optimizer.param_groups:
            group['params'] = [p for p in group['params'] if p.requires_grad]
        optimizer.param_groups[:] = [g for g in optimizer.param_groups if g['params']]

    def sentence(self) -> str | None:
        """How much is frozen, also by the model itself (`frozen_stages`); None for nothing."""
        counts = [(p.numel(), p.requires_grad) for p in self._model.parameters()]
        frozen = sum(count for count, trained in counts if not trained)
        if not frozen:
            return None
        named = f' ({", ".join(self.paths)})' if self.paths else ''
        whole = sum(count for count, _ in counts)
        return f'frozen: {_short(frozen)} of {_short(whole)} parameters{named}'


def _unknown(path: str, modules: dict[str, nn.Module], parameters: dict[str, nn.Parameter]) -> str:
    names = [name for name in (*modules, *parameters) if name]
    holder = path.rpartition('.')[0]
    while holder and holder not in modules:
        holder = holder.rpartition('.')[0]
    inside = ', '.join(name for name, _ in modules[holder].named_children())
    return (
        f'freeze: the model has no part {path!r}.{did_you_mean(path, names)} '
        f'Parts of {holder or "the model"}: {inside or "none"}'
    )


def _short(count: int) -> str:
    for unit, size in (('M', 1_000_000), ('k', 1_000)):
        if count >= size:
            return f'{count / size:.1f} {unit}'
    return str(count)

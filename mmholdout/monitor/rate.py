"""The scheduled learning rate as a closed form: schedule x warm-up."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, ClassVar

from mmholdout.errors import ConfigError, did_you_mean
from mmholdout.monitor.arguments import number, whole
from mmholdout.monitor.rate_factors import constant, cosine, poly, step, warmup


class RateSchedule:
    """The config's `schedule`: a factor of the base rate that depends on the position alone.

    Nothing is accumulated, so that resume, changed base rates and parameter groups are right by
    construction. Unlike torch's chained schedulers, warm-up does not shift the schedule.

    Args:
        type: 'constant', 'step', 'cosine' or 'poly'.
        by_epoch: change at epochs (and count milestones in them); else at iterations.
        warmup: `dict(iters=100, start_factor=0.1)`; iters counts iterations in any case.
        options: of the type, see OPTIONS.

    Raises:
        ConfigError: unknown type, an option it does not take, a value out of range; all at once.
    """

    #: type -> its options and their defaults; None must be given.
    OPTIONS: ClassVar[dict[str, dict[str, Any]]] = {
        'constant': {},
        'step': {'milestones': None, 'gamma': 0.1},
        'cosine': {'min_factor': 0.0},
        'poly': {'power': 0.9, 'min_factor': 0.0},
    }
    COMMON: ClassVar[tuple[str, ...]] = ('type', 'by_epoch', 'warmup')
    WARMUP: ClassVar[dict[str, Any]] = {'iters': None, 'start_factor': 0.1}

    def __init__(
        self,
        type: str = 'constant',
        by_epoch: bool = True,
        warmup: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        if type not in self.OPTIONS:
            raise ConfigError(
                f'schedule.type {type!r} is unknown; known: {", ".join(self.OPTIONS)}.'
                f'{did_you_mean(str(type), self.OPTIONS)}'
            )
        self.type = type
        self.by_epoch = by_epoch
        problems = self._foreign(options)
        self.options = {**self.OPTIONS[type], **options}
        for name in self.OPTIONS[type]:
            problems += _problem(_OPTION_CHECKS[name], f'schedule.{name}', self.options[name])
        problems += self._read_warmup({} if warmup is None else warmup, warmup is not None)
        if not isinstance(by_epoch, bool):
            problems.append(f'schedule.by_epoch must be True or False, got {by_epoch!r}')
        if problems:
            raise ConfigError(problems)

    def factor(
        self, epoch: int, iteration: float, max_epochs: float, iters_per_epoch: int
    ) -> float:
        """What the base rate is multiplied by during the next iteration.

        Args:
            epoch: epochs completed.
            iteration: iterations completed since the start of the run; a fraction where they
                stand for those of another run.
            max_epochs: length of the run; a fraction where it ends within an epoch.
            iters_per_epoch: iterations of an epoch.
        """
        position = epoch if self.by_epoch else iteration
        progress = position / (max_epochs if self.by_epoch else max_epochs * iters_per_epoch)
        options = self.options
        if self.type == 'step':
            scheduled = step(position, options['milestones'], options['gamma'])
        elif self.type == 'cosine':
            scheduled = cosine(progress, options['min_factor'])
        elif self.type == 'poly':
            scheduled = poly(progress, options['power'], options['min_factor'])
        else:
            scheduled = constant()
        return scheduled * warmup(iteration, self.warmup_iters, self.start_factor)

    def warmup_length(self, iters_per_epoch: int) -> int:
        """Iterations of the warm-up, however many an epoch has; 0 for none."""
        del iters_per_epoch
        return self.warmup_iters

    def _foreign(self, options: Mapping[str, Any]) -> list[str]:
        own = self.OPTIONS[self.type]
        problems = []
        for name in options:
            if name in own:
                continue
            others = [other for other, taken in self.OPTIONS.items() if name in taken]
            belongs = (
                f' It belongs to type {" or ".join(map(repr, others))}; where a base config '
                f'set it, write schedule=dict(_delete_=True, type={self.type!r}, ...).'
                if others
                else did_you_mean(name, [*own, *self.COMMON])
            )
            problems.append(
                f'schedule.{name} is not an option of type {self.type!r}; known: '
                f'{", ".join([*self.COMMON, *own])}.{belongs}'
            )
        return problems

    def _read_warmup(self, given: Mapping[str, Any], wanted: bool) -> list[str]:
        self.warmup_iters, self.start_factor = 0, 1.0
        if not wanted:
            return []
        if not isinstance(given, Mapping):
            return [f'schedule.warmup must be a dict or None, got {given!r}']
        problems = [
            f'schedule.warmup.{name} is unknown; known: {", ".join(self.WARMUP)}.'
            f'{did_you_mean(str(name), self.WARMUP)}'
            for name in given
            if name not in self.WARMUP
        ]
        values = {**self.WARMUP, **given}
        for name in self.WARMUP:
            problems += _problem(_OPTION_CHECKS[name], f'schedule.warmup.{name}', values[name])
        if not problems:
            self.warmup_iters, self.start_factor = values['iters'], values['start_factor']
        return problems


def _check_milestones(name: str, value: Any) -> None:
    if not isinstance(value, list | tuple) or not value:
        raise ConfigError(f'{name} must be a list of ascending integers, got {value!r}')
    for milestone in value:
        whole(name, milestone, 1)
    if any(later <= earlier for earlier, later in pairwise(value)):
        raise ConfigError(f'{name} must ascend, got {value!r}')


_OPTION_CHECKS: dict[str, Any] = {
    'milestones': _check_milestones,
    'gamma': lambda name, value: number(name, value, '(0, 1]', 0.0, 1.0),
    'min_factor': lambda name, value: number(name, value, '[0, 1]', 0.0, 1.0),
    'power': lambda name, value: number(name, value, '(0, inf)', 0.0),
    'iters': lambda name, value: whole(name, value, 0),
    'start_factor': lambda name, value: number(name, value, '(0, 1]', 0.0, 1.0),
}


def _problem(check: Any, name: str, value: Any) -> list[str]:
    try:
        check(name, value)
    except ConfigError as error:
        return list(error.problems)
    return []

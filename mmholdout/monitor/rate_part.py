"""One factor of a learning rate that acts in a stretch of the run only."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from mmholdout.errors import ConfigError, did_you_mean
from mmholdout.monitor.arguments import number, whole


class RatePart:
    """A factor that starts at `begin`, moves until `end` and then keeps its last value.

    Positions are those of mmengine's schedulers, whose recursion this is in closed form: the part
    acts at the positions `begin <= p < end`, so that a line reaches its end at `end - 1`. With
    `full_at_end` it does so at `end`, as in mmdet 2.x.

    Args:
        type: 'constant' (`factor`, then 1 again at `end - 1`), 'linear' (from `start_factor` to
            `end_factor`), 'exp' (`start_factor` to 1, by equal ratios), 'quadratic' (from near
            0 to 1, YOLOX's warm-up), 'step' (`gamma` at each of `milestones`, counted from
            `begin`), 'decay' (`gamma` at each position), 'cosine' (from 1 to `min_factor`, at
            `begin + length`), 'poly' (likewise, at `end - 1`).
        begin: first position.
        end: behind the last one; 'step' and 'decay' need none.
        by_epoch: positions, milestones and `length` are epochs; else iterations.
        smooth: with `by_epoch`, change at each iteration all the same.
        full_at_end: one position more.
        options: of the type, see OPTIONS.

    Raises:
        ConfigError: unknown type, an option it does not take, a value out of range; all at once.
    """

    #: type -> its options and their defaults; None must be given.
    OPTIONS: ClassVar[dict[str, dict[str, Any]]] = {
        'constant': {'factor': None},
        'linear': {'start_factor': None, 'end_factor': 1.0},
        'exp': {'start_factor': None},
        'quadratic': {},
        'step': {'milestones': None, 'gamma': 0.1},
        'decay': {'gamma': None},
        'cosine': {'length': None, 'min_factor': 0.0},
        'poly': {'power': 1.0, 'min_factor': 0.0},
    }
    COMMON: ClassVar[tuple[str, ...]] = (
        'type',
        'begin',
        'end',
        'by_epoch',
        'smooth',
        'full_at_end',
    )

    def __init__(
        self,
        type: str,
        end: int | None = None,
        begin: int = 0,
        by_epoch: bool = True,
        smooth: bool = False,
        full_at_end: bool = False,
        **options: Any,
    ) -> None:
        if type not in self.OPTIONS:
            raise ConfigError(
                f'schedule.factors: type {type!r} is unknown; known: {", ".join(self.OPTIONS)}.'
                f'{did_you_mean(str(type), self.OPTIONS)}'
            )
        self.type, self.begin, self.end = type, begin, end
        self.by_epoch, self.smooth, self.full_at_end = by_epoch, smooth, full_at_end
        own = self.OPTIONS[type]
        problems = [
            f'{name} is not an option; known: {", ".join([*self.COMMON, *own])}.'
            f'{did_you_mean(name, [*own, *self.COMMON])}'
            for name in options
            if name not in own
        ]
        self.options = {**own, **options}
        problems += self._wrong()
        if problems:
            raise ConfigError([f'schedule.factors: {type!r}: {problem}' for problem in problems])

    @property
    def warms_up(self) -> bool:
        """Whether it rises from the start of the run on."""
        start = self.options.get('start_factor', self.options.get('factor', 1.0))
        rises = self.type in ('constant', 'linear', 'exp') and start < 1
        if self.type == 'linear':
            rises = rises and start < self.options['end_factor']
        return self.begin == 0 and (rises or self.type == 'quadratic')

    def warmup_length(self, iters_per_epoch: int) -> int:
        """Iterations until it has risen; 0 where it does not rise from the start on."""
        if not self.warms_up or self.end is None:
            return 0
        scale = iters_per_epoch if self.by_epoch else 1
        return self.end * scale - (not self.full_at_end)

    def factor(self, epoch: int, iteration: float, iters_per_epoch: int) -> float:
        """What it contributes to the next iteration; 1 before `begin`.

        Args:
            epoch: epochs completed.
            iteration: iterations completed since the start of the run.
            iters_per_epoch: iterations of an epoch.
        """
        scale = iters_per_epoch if self.by_epoch and self.smooth else 1
        position: float = epoch if self.by_epoch and not self.smooth else iteration
        first = self.begin * scale
        if position < first:
            return 1.0
        if self.end is None:
            return float(self._value(position - first, 0, scale))
        steps = self.end * scale - first + self.full_at_end
        return float(self._value(min(position - first, steps - 1), steps, scale))

    def _value(self, done: float, steps: int, scale: int) -> float:
        """After `done` of `steps` positions; `scale` of them are one of the config's."""
        options, last = self.options, max(steps - 1, 1)
        value: float = 1.0
        if self.type == 'constant':
            value = 1.0 if done >= steps - 1 > 0 else options['factor']
        elif self.type == 'linear':
            start, end = options['start_factor'], options['end_factor']
            value = start + (end - start) * done / last
        elif self.type == 'exp':
            value = options['start_factor'] ** (1.0 - done / last)
        elif self.type == 'quadratic':
            value = ((done + 1) / steps) ** 2
        elif self.type == 'step':
            value = options['gamma'] ** sum(m * scale <= done for m in options['milestones'])
        elif self.type == 'decay':
            value = options['gamma'] ** done
        elif self.type == 'cosine':
            wave = (1.0 + math.cos(math.pi * done / (options['length'] * scale))) / 2.0
            value = options['min_factor'] + (1.0 - options['min_factor']) * wave
        elif self.type == 'poly':
            line = (1.0 - done / last) ** options['power']
            value = options['min_factor'] + (1.0 - options['min_factor']) * line
        return value

    def _wrong(self) -> list[str]:
        problems: list[str] = []
        options = self.options
        checks: dict[str, Any] = {
            'begin': lambda v: whole('begin', v, 0),
            'end': lambda v: v is None or whole('end', v, 1),
            'factor': lambda v: number('factor', v, '(0, inf)', 0.0),
            'start_factor': lambda v: number('start_factor', v, '(0, inf)', 0.0),
            'end_factor': lambda v: number('end_factor', v, '[0, inf)', 0.0),
            'gamma': lambda v: number('gamma', v, '(0, inf)', 0.0),
            'length': lambda v: whole('length', v, 1),
            'min_factor': lambda v: number('min_factor', v, '[0, inf)', 0.0),
            'power': lambda v: number('power', v, '(0, inf)', 0.0),
            'milestones': _check_milestones,
        }
        for name, value in {'begin': self.begin, 'end': self.end, **options}.items():
            try:
                if name in checks:
                    checks[name](value)
            except ConfigError as error:
                problems += error.problems
        if self.end is None and self.type not in ('step', 'decay'):
            problems.append('end is missing')
        if not problems and self.end is not None and self.end <= self.begin:
            problems.append(f'end must be above begin, got {self.begin} and {self.end}')
        for name in ('by_epoch', 'smooth', 'full_at_end'):
            if not isinstance(getattr(self, name), bool):
                problems.append(f'{name} must be True or False, got {getattr(self, name)!r}')
        return problems


def _check_milestones(value: Any) -> None:
    if not isinstance(value, list | tuple):
        raise ConfigError(f'milestones must be a list of integers, got {value!r}')
    for milestone in value:
        whole('milestones', milestone, 0)

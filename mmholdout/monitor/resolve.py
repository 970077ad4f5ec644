"""Which metric a monitor means, and which direction is better."""

from __future__ import annotations

from collections.abc import Mapping

from mmholdout.errors import ConfigError, did_you_mean
from mmholdout.monitor.compare import Mode, as_mode

Declared = Mapping[str, 'Mode | None']


def resolve_monitor(name: str, declared: Declared) -> tuple[str, Mode]:
    """The full key that `name` means and its direction.

    `name` is a declared key, or short for the one 'val/' key whose last segment it is: 'mAP' for
    'val/mAP', 'loss' for 'val/loss'.

    Loss terms are the exception to "declared": their names depend on the detector and are known
    only after the first validation. So 'val/loss_<term>' and 'loss_<term>' are taken unseen, with
    mode 'min', wherever 'val/loss' is declared; whether the term exists shows at the first
    validation.

    Args:
        name: from the config.
        declared: full keys of this run; None for a key that has no better or worse.

    Raises:
        ConfigError: unknown, ambiguous, without direction, or of the test split.
    """
    if not isinstance(name, str):
        raise ConfigError(f'monitor must be the name of a metric, got {name!r}')
    split, _, rest = name.partition('/')
    if split in ('test', 'train_eval', 'train'):
        raise ConfigError(
            f'monitor {name!r} belongs to the {split} split, which may not steer training; '
            f'monitor {"val/" + rest!r} instead'
        )
    key = _find(name, declared)
    mode = _direction(key, declared)
    if mode is None:
        directed = [known for known, direction in declared.items() if direction is not None]
        raise ConfigError(
            f'monitor {key!r} has no direction: neither more nor less of it is better. '
            f'Metrics with one: {_listed(directed)}'
        )
    return key, mode


def check_mode(key: str, given: str | None, declared: Declared) -> None:
    """Refuse a `mode` in the config that contradicts the metric's own direction.

    Args:
        key: as `resolve_monitor` gave it.
        given: the config's mode, None if it has none, which is the best.
        declared: full keys of this run and their directions.
    """
    if given is None:
        return
    mode = _direction(key, declared)
    if as_mode(given) != mode:
        better = 'more' if mode == 'max' else 'less'
        raise ConfigError(
            f'mode {given!r} contradicts monitor {key!r}: {better} of it is better, mode {mode!r}. '
            f'Leave mode out'
        )


def check_significance(key: str, significance: float | None) -> None:
    """Refuse `significance` for what cannot be compared image by image.

    Args:
        key: as `resolve_monitor` gave it.
        significance: from the config, None where it asks for none.
    """
    if significance is not None and key != 'val/mAP' and not key.startswith('val/AP/'):
        raise ConfigError(
            f'significance compares average precision, so the monitor can be val/mAP or '
            f'val/AP/<class>, not {key!r}. Leave significance out, or use min_delta'
        )


def _find(name: str, declared: Declared) -> str:
    if name in declared:
        return name
    val_keys = [key for key in declared if key.startswith('val/')]
    meant = [key for key in val_keys if name in (_last(key), key.removeprefix('val/'))]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise ConfigError(
            f'monitor {name!r} is ambiguous: it may mean {" or ".join(sorted(meant))}. '
            f'Write the whole key'
        )
    full = name if name.startswith('val/') else f'val/{name}'
    if _is_loss_term(full, declared):
        return full
    short = '/' not in name
    near = did_you_mean(name, map(_last, val_keys) if short else declared)
    raise ConfigError(
        f"monitor {name!r} is not among this run's metrics: {_listed(declared)}.{near}"
    )


def _direction(key: str, declared: Declared) -> Mode | None:
    if key in declared:
        return declared[key]
    return 'min' if _is_loss_term(key, declared) else None


def _is_loss_term(key: str, declared: Declared) -> bool:
    return 'val/loss' in declared and key.startswith('val/loss_') and key != 'val/loss_'


def _last(key: str) -> str:
    return key.rpartition('/')[2]


def _listed(keys: Mapping[str, object] | list[str]) -> str:
    """The keys; those of each class are counted, not listed, where they are many."""
    groups: dict[str, list[str]] = {}
    for key in keys:
        deep = key.count('/') > 1
        groups.setdefault(key.rsplit('/', 1)[0] if deep else '', []).append(key)
    shown = groups.pop('', [])
    for folder, members in groups.items():
        many = len(members) > _MANY
        shown += [f'{folder}/<one of {len(members)}>'] if many else members
    return ', '.join(shown) or 'none'


_MANY = 4

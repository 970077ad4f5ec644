"""Train, val and test drawn from one set: seeded, stratified by class, groups kept whole."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mmholdout.errors import ConfigError, DataError
from mmholdout.splits.listed import listed

_NOTHING = ''  # the class of images without objects, so that they are spread as well


@dataclass(frozen=True)
class DrawnSplits:
    """The splits and what could not be had.

    Attributes:
        ids: split -> its image ids, sorted.
        notes: a sentence for each class that a split lacks.
    """

    ids: Mapping[str, list[str]]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Unit:
    """Images that stay together, and in how many of them each class is."""

    ids: tuple[str, ...]
    classes: Mapping[str, int]
    rank: str  # a fixed random order

    @property
    def size(self) -> int:
        return len(self.ids)


def draw_split(
    classes: Mapping[str, Collection[str]],
    ratios: Mapping[str, float],
    seed: int,
    together: Iterable[Collection[str]] = (),
) -> DrawnSplits:
    """Draw splits; the same ids, classes and seed give the same splits in any order.

    Iterative stratification (Sechidis et al., ECML PKDD 2011) of units that stay together: the
    rarest class is dealt out first, each time to the split that lacks most of it. A split never
    gets more than its share rounded up to whole units. Afterwards units of one size are exchanged
    where that gives a split a class that it lacks.

    Args:
        classes: for each image id the names of the classes in it; none for an empty image.
        ratios: share of each split, in sum 1.
        seed: of the random order.
        together: ids that must not be separated, say a group or a pair of duplicates; those that
            share an id are joined.

    Raises:
        ConfigError: ratios that are not positive or not 1 in sum.
        DataError: fewer units than splits, a split without images, or `together` names unknown ids.
    """
    _check_ratios(ratios)
    units = _units(classes, together, seed)
    if len(units) < len(ratios):
        raise DataError(
            f'{len(classes)} images in {len(units)} groups of duplicates and the like cannot fill '
            f'{len(ratios)} splits ({", ".join(ratios)}): a group belongs to one split.'
        )
    dealt = _dealt(units, ratios)
    empty = [name for name, own in dealt.items() if not own]
    if empty:
        raise DataError(
            f'{len(classes)} images are too few for a share of '
            f'{", ".join(f"{name}={ratios[name]:g}" for name in empty)}: no image is left for it.'
        )
    _exchange(dealt)
    return DrawnSplits(
        ids={name: sorted(i for unit in units for i in unit.ids) for name, units in dealt.items()},
        notes=tuple(_notes(dealt, units)),
    )


def joined(together: Iterable[Collection[str]]) -> list[list[str]]:
    """The connected sets, each sorted: {a, b} and {b, c} become {a, b, c}."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for names in together:
        first, *others = sorted(names) or ['']
        for other in others:
            parent[root(other)] = root(first)
        if names:
            root(first)
    sets: dict[str, list[str]] = defaultdict(list)
    for name in sorted(parent):
        sets[root(name)].append(name)
    return sorted(sets.values())


def _check_ratios(ratios: Mapping[str, float]) -> None:
    good = ratios and all(math.isfinite(r) and r > 0 for r in ratios.values())
    if not good or abs(sum(ratios.values()) - 1) > 1e-6:
        given = ', '.join(f'{name}={ratio}' for name, ratio in ratios.items()) or 'none'
        raise ConfigError(
            f'The ratios of the splits ({given}) must be positive and 1 in sum, such as '
            'train=0.7, val=0.15, test=0.15.'
        )


def _units(
    classes: Mapping[str, Collection[str]], together: Iterable[Collection[str]], seed: int
) -> list[_Unit]:
    sets = joined(together)
    unknown = sorted(name for names in sets for name in names if name not in classes)
    if unknown:
        raise DataError(
            f'Of the ids that are to stay together {len(unknown)} are not in the set: '
            f'{listed(unknown)}.'
        )
    grouped = {name for names in sets for name in names}
    sets += [[name] for name in classes if name not in grouped]
    units = []
    for ids in sets:
        counts = Counter(c for name in ids for c in set(classes[name]) or {_NOTHING})
        rank = hashlib.sha256(f'{seed} {ids[0]}'.encode(errors='surrogatepass')).hexdigest()
        units.append(_Unit(tuple(ids), counts, rank))
    return sorted(units, key=lambda unit: unit.rank)


def _dealt(units: Sequence[_Unit], ratios: Mapping[str, float]) -> dict[str, list[_Unit]]:
    """Every unit to one split, the rarest class first, its largest units first."""
    images = sum(unit.size for unit in units)
    room = {name: ratio * images for name, ratio in ratios.items()}
    total = Counter[str]()
    for unit in units:
        total.update(unit.classes)
    wanted = {c: {name: r * count for name, r in ratios.items()} for c, count in total.items()}
    dealt: dict[str, list[_Unit]] = {name: [] for name in ratios}
    left = list(units)
    while left:
        remaining = Counter[str]()
        for unit in left:
            remaining.update(unit.classes)
        rarest = min(remaining, key=lambda c: (remaining[c], c))
        for unit in sorted(
            (u for u in left if rarest in u.classes), key=lambda u: (-u.size, u.rank)
        ):
            # Some split has room as long as images are left; without it none could overflow far.
            open_splits = [name for name in ratios if room[name] > 1e-9]
            best = max(open_splits, key=lambda name: (wanted[rarest][name], room[name]))
            dealt[best].append(unit)
            room[best] -= unit.size
            for c, count in unit.classes.items():
                wanted[c][best] -= count
        left = [unit for unit in left if rarest not in unit.classes]
    return dealt


def _exchange(dealt: dict[str, list[_Unit]]) -> None:
    """Exchange units of one size so that a class reaches a split that lacks it, at no loss."""
    held = {name: _held(units) for name, units in dealt.items()}
    every = sorted({c for counts in held.values() for c in counts})
    for c in every:
        for lacking in [name for name in dealt if not held[name][c]]:
            swap = _swap(dealt, held, c, lacking)
            if swap is not None:
                giver, given, taken = swap
                dealt[giver].remove(given)
                dealt[lacking].remove(taken)
                dealt[giver].append(taken)
                dealt[lacking].append(given)
                held[giver], held[lacking] = _held(dealt[giver]), _held(dealt[lacking])


def _swap(
    dealt: Mapping[str, list[_Unit]], held: Mapping[str, Counter[str]], c: str, lacking: str
) -> tuple[str, _Unit, _Unit] | None:
    """Who gives which unit with class `c` for which unit of `lacking`; None where none can."""
    for giver in sorted(dealt, key=lambda name: (-held[name][c], name)):
        for given in dealt[giver]:
            if c not in given.classes or held[giver][c] < 2:
                continue
            for taken in dealt[lacking]:
                if taken.size == given.size and not (
                    _lost(held[giver], given, taken) or _lost(held[lacking], taken, given)
                ):
                    return giver, given, taken
    return None


def _lost(held: Counter[str], gone: _Unit, come: _Unit) -> bool:
    """Whether a split would lose its last unit of a class."""
    return any(held[c] == 1 and c not in come.classes for c in gone.classes)


def _held(units: Iterable[_Unit]) -> Counter[str]:
    """In how many units each class is."""
    return Counter(c for unit in units for c in unit.classes)


def _notes(dealt: Mapping[str, list[_Unit]], units: Sequence[_Unit]) -> Iterable[str]:
    total = _held(units)
    for name, own in dealt.items():
        held = _held(own)
        for c in sorted(total):
            if c != _NOTHING and not held[c]:
                yield (
                    f'{name!r} has no image of class {c!r}; the whole set has {total[c]} '
                    f'{"group" if total[c] == 1 else "groups or images"} with it.'
                )

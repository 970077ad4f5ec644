"""The choices of an evaluation that measures more than VOC's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmholdout.errors import ConfigError, did_you_mean
from mmholdout.metrics.coco import coco_keys
from mmholdout.metrics.error_keys import error_keys
from mmholdout.metrics.keys import Mode, declared_keys
from mmholdout.metrics.options import VOCOptions

ANALYSES = ('coco', 'errors')


@dataclass(frozen=True)
class DetectionOptions(VOCOptions):
    """VOC's options, and what is measured besides.

    Attributes:
        also: of `ANALYSES`: COCO's numbers, and what goes wrong.
    """

    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check all at once.

        Raises:
            ConfigError: one sentence per wrong value.
        """
        super().__post_init__()
        check_also(self.also)
        object.__setattr__(self, 'also', tuple(dict.fromkeys(self.also)))  # the class is frozen


def check_also(also: Sequence[str]) -> None:
    """Refuse analyses that there are not.

    Raises:
        ConfigError: a bare string, or names that are not known.
    """
    known = ' and '.join(repr(name) for name in ANALYSES)
    if isinstance(also, str) or not isinstance(also, list | tuple):
        raise ConfigError(f'also is {also!r}; a list is needed, of {known}')
    problems = [
        f'also names {name!r}; it can name {known}.{did_you_mean(str(name), ANALYSES)}'
        for name in also
        if name not in ANALYSES
    ]
    if problems:
        raise ConfigError(problems)


def detection_keys(
    classes: Sequence[str] = (), iou_thr: float = 0.5, also: Sequence[str] = ()
) -> dict[str, Mode | None]:
    """Keys, without a split's prefix, and their directions; None where neither is better.

    Args:
        classes: names in label order; none where they are not known yet.
        iou_thr: see `declared_keys`.
        also: see `DetectionOptions`.

    Raises:
        ConfigError: an argument is impossible.
    """
    check_also(also)
    keys = declared_keys(classes, iou_thr)
    if 'coco' in also:
        keys |= coco_keys(classes)
    if 'errors' in also:
        keys |= error_keys(classes)
    return keys

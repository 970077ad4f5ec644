"""The choices that a VOC evaluation leaves open, checked before there is any data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

from mmholdout.errors import ConfigError, did_you_mean
from mmholdout.metrics.average_precision import AP_MODES, ApMode


@dataclass(frozen=True)
class VOCOptions:
    """How average precision and the operating points are computed.

    Attributes:
        iou_thr: the overlap at which an object is found, for mAP, precision, recall and F1.
        ap_mode: see `average_precision`.
        legacy_pixel: see `iou`.
        fixed_score_thr: score threshold of precision_fixed, recall_fixed and F1_fixed.
    """

    iou_thr: float = 0.5
    ap_mode: ApMode = 'area'
    legacy_pixel: bool = False
    fixed_score_thr: float = 0.5

    def __post_init__(self) -> None:
        """Check all at once.

        Raises:
            ConfigError: one sentence per wrong value.
        """
        problems = []
        if not is_number(self.iou_thr) or not 0 < self.iou_thr < 1:
            problems.append(
                f'iou_thr is {self.iou_thr!r}; one number between 0 and 1 is needed, such as 0.5 '
                '(AP50 and AP75 are reported beside it in any case)'
            )
        if self.ap_mode not in AP_MODES:
            hint = did_you_mean(str(self.ap_mode), AP_MODES)
            known = ' or '.join(repr(mode) for mode in AP_MODES)
            problems.append(f'ap_mode is {self.ap_mode!r}; it can be {known}.{hint}')
        if not isinstance(self.legacy_pixel, bool):
            problems.append(f'legacy_pixel is {self.legacy_pixel!r}; it can be True or False')
        if not is_number(self.fixed_score_thr) or not 0 <= self.fixed_score_thr <= 1:
            problems.append(
                f'score_thr is {self.fixed_score_thr!r}; one number from 0 to 1 is needed'
            )
        if problems:
            raise ConfigError(problems)


def is_number(value: object) -> bool:
    """Whether a value is a finite real number; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)

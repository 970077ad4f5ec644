"""2.x: `Normalize` and `Pad` of the pipelines, which are the model's data preprocessor today."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.rewriting import WIDE, Rewriting, shown
from mmholdout.config.origin import KeyPath, dotted

_P = ('model', 'data_preprocessor')


class Normalisation:
    """What pipelines say about colours and padding; they must agree."""

    def __init__(self) -> None:
        self.colours: list[tuple[KeyPath, dict[str, Any]]] = []
        self.divisors: list[tuple[KeyPath, int]] = []

    def to_model(self, r: Rewriting) -> None:
        """Write `model.data_preprocessor`; what pipelines say differently is refused."""
        if not isinstance(r.at('model'), dict):
            return
        given = r.dict_at(*_P)
        if self.colours:
            path, first = self.colours[0]
            _agree(r, self.colours, 'normalises')
            new = {
                'mean': list(first.get('mean', ())),
                'std': list(first.get('std', ())),
                'bgr_to_rgb': first.get('to_rgb', True),
            }
            if any(key in given and list_of(given[key]) != list_of(new[key]) for key in new):
                r.refuse(path, f'{shown(first)} is said here, {shown(given)} in {dotted(_P)}')
            else:
                r.set(_P, {'type': 'DetDataPreprocessor', **new, **given})
                r.say(f'Normalize of the pipelines -> model.data_preprocessor = {shown(new, WIDE)}')
        elif not given:
            r.set(_P, {'type': 'DetDataPreprocessor'})
        if self.divisors:
            _agree(r, self.divisors, 'pads to multiples of')
            value = self.divisors[0][1]
            if 'pad_size_divisor' not in r.dict_at(*_P):
                r.set((*_P, 'pad_size_divisor'), value)
                r.say(
                    f'Pad(size_divisor={value}) of the pipelines -> '
                    f'model.data_preprocessor.pad_size_divisor = {value}'
                )


def list_of(value: Any) -> Any:
    """A tuple as a list."""
    return list(value) if isinstance(value, list | tuple) else value


def _agree(r: Rewriting, found: list[tuple[KeyPath, Any]], what: str) -> None:
    first_path, first = found[0]
    for path, one in found[1:]:
        if one != first:
            r.refuse(
                path,
                f'{what} {shown(one)}, but {dotted(first_path)} {what} {shown(first)}; the model '
                'has one data_preprocessor for all splits',
            )

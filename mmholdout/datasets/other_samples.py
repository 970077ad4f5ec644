"""Other samples of a transform's own dataset, for transforms that put several images together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.errors import ConfigError

WRAPPED = ('dataset', 'datasets')  # attributes of mmdet's and of our wrappers


class OtherSamples:
    """Samples as they are when they come to a transform: read, and put through what precedes it.

    Which one, and what the preceding transforms do to it, is drawn from NumPy's global generator:
    SeededDataset has made that a function of (seed, epoch, index).

    Args:
        dataset: with `get_data_info`, as mmengine's BaseDataset; None until `connect` is called.
        before: the transforms in front of the one that asks.
    """

    def __init__(self, dataset: Any = None, before: Sequence[Any] = ()) -> None:
        self.dataset, self.before = dataset, tuple(before)

    def draw(self) -> dict[str, Any]:
        """Any sample of the dataset; another one where the transforms give None.

        Raises:
            ConfigError: they always do; or there is no dataset.
        """
        if self.dataset is None:
            raise ConfigError(
                'a transform that takes in other images has no data set to draw them from; its '
                'loader must be one of build_loader, for training'
            )
        for _ in range(getattr(self.dataset, 'max_refetch', 15) + 1):
            results = self.dataset.get_data_info(int(np.random.randint(len(self.dataset))))
            for transform in self.before:
                results = transform(results)
                if results is None:
                    break
            if results is not None:
                if isinstance(results['gt_bboxes'], np.ndarray):  # LoadAnnotations(box_type=None)
                    results['gt_bboxes'] = HorizontalBoxes(results['gt_bboxes'])
                return results
        names = ', '.join(type(transform).__name__ for transform in self.before)
        raise ConfigError(f'the transforms {names} gave no sample, whichever image was tried')


def connect(dataset: Any) -> None:
    """Give each transform that has `others` its source, in every dataset below the wrappers.

    Raises:
        ConfigError: such a transform stands where its dataset cannot be told.
    """
    for leaf in leaves_of(dataset):
        pipeline = getattr(leaf, 'pipeline', None)
        steps = getattr(pipeline, 'transforms', None)
        if steps is None:
            asking = [step for step in pipeline or () if hasattr(step, 'others')]
            if asking:
                raise ConfigError(
                    f'{type(asking[0]).__name__} cannot stand in the pipeline of '
                    f'{type(leaf).__name__}: put it into the pipeline of the dataset that reads '
                    'the files, or use Mosaic and MixUp here'
                )
            continue
        for place, step in enumerate(steps):
            if hasattr(step, 'others'):
                step.others = OtherSamples(leaf, steps[:place])


def leaves_of(dataset: Any) -> Iterator[Any]:
    """Every dataset of a nest that has a pipeline, wrappers with one of their own included."""
    held = getattr(dataset, '__dict__', {})
    if 'pipeline' in held:
        yield dataset
    for name in WRAPPED:
        inner = held.get(name)
        for one in inner if isinstance(inner, list | tuple) else [inner]:
            if one is not None:
                yield from leaves_of(one)

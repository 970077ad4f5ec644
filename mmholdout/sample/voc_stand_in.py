"""A stand-in for VOC2007 and VOC2012: their folders, lists and class names on drawn parts.

For trying commands and for tests; a number measured on it says nothing about VOC.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from mmholdout.sample.parts import PARTS, Patch
from mmholdout.sample.scene import Draw, render
from mmholdout.sample.voc_folder import make_folders, put_list, put_scene
from mmholdout.sample.whole_folder import Outcome, write_whole

CLASSES = (
    *('aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'),
    *('diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa'),
    *('train', 'tvmonitor'),
)
# As in the archives: the test annotations of 2012 were never published.
COUNTS = {
    'VOC2007/train': 24,
    'VOC2007/val': 12,
    'VOC2007/test': 12,
    'VOC2012/train': 16,
    'VOC2012/val': 8,
}
_SPLITS = ('train', 'val', 'test')
_DYES = ((60, 60, 230), (60, 200, 60), (230, 110, 50), (50, 210, 230), (220, 80, 210))  # BGR


def write_stand_in(folder: Path, seed: int = 0, *, force: bool = False) -> Outcome:
    """Render the set as a `VOCdevkit` folder, or leave the identical set that is there.

    VOC2007 has lists train, val, trainval and test, VOC2012 all but test. Class number k is part
    number k mod 4 of the sample set in dye number k // 4.

    Args:
        folder: made with its parents; becomes the `data_root` of a VOC config.
        seed: >= 0.
        force: replace another rendered set; never any other folder.

    Raises:
        DataError: `folder` holds something else, or the seed is negative.
    """
    return write_whole(folder, seed, dict(COUNTS), _render_all, force=force)


def kinds() -> dict[str, Draw]:
    """What draws each class, in VOC's order."""
    parts = tuple(PARTS.values())
    return {
        name: partial(_dyed, draw=parts[k % len(parts)], dye=_DYES[k // len(parts)])
        for k, name in enumerate(CLASSES)
    }


def _dyed(rng: np.random.Generator, draw: Draw, dye: tuple[int, int, int]) -> Patch:
    colours, coverage = draw(rng)
    light = colours.mean(axis=2, keepdims=True) / 255
    return np.asarray(light * np.asarray(dye, np.float32) * 1.4, np.float32), coverage


def _render_all(folder: Path, seed: int, counts: dict[str, int]) -> None:
    drawn = kinds()
    for year in ('VOC2007', 'VOC2012'):
        make_folders(folder / year)
        ids: dict[str, list[str]] = {}
        number = 0
        for split in (s for s in _SPLITS if f'{year}/{s}' in counts):
            ids[split] = []
            for _ in range(counts[f'{year}/{split}']):
                number += 1
                image_id = f'{number:06d}' if year == 'VOC2007' else f'2008_{number:06d}'
                scene = render(np.random.default_rng([seed, int(year[3:]), number]), drawn)
                put_scene(folder / year, image_id, scene)
                ids[split].append(image_id)
            put_list(folder / year, split, ids[split])
        put_list(folder / year, 'trainval', ids['train'] + ids['val'])

"""A whole sample set in Pascal VOC layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mmholdout.sample.scene import render
from mmholdout.sample.voc_folder import make_folders, put_list, put_scene
from mmholdout.sample.whole_folder import Outcome, write_whole

COUNTS = {'train': 720, 'val': 100, 'test': 100}
SPLIT_STREAMS = {'train': 0, 'val': 1, 'test': 2}


def write_sample(
    folder: Path,
    seed: int = 0,
    *,
    train: int = COUNTS['train'],
    val: int = COUNTS['val'],
    test: int = COUNTS['test'],
    force: bool = False,
) -> Outcome:
    """Render the set into `folder`, or leave the identical set that is there.

    Every image is a function of (seed, split, number): another `train` changes no other image.

    Args:
        folder: made with its parents.
        seed: >= 0.
        train: number of images of that split, as are the two below; >= 1.
        val: see `train`.
        test: see `train`.
        force: replace another sample set; never any other folder.

    Raises:
        DataError: `folder` holds something else, or an argument is out of range.
    """
    counts = {'train': train, 'val': val, 'test': test}
    return write_whole(folder, seed, counts, _render_all, force=force)


def _render_all(folder: Path, seed: int, counts: dict[str, int]) -> None:
    make_folders(folder)
    for split, count in counts.items():
        ids = [f'{split}_{number:04d}' for number in range(count)]
        for number, image_id in enumerate(ids):
            scene = render(np.random.default_rng([seed, SPLIT_STREAMS[split], number]))
            put_scene(folder, image_id, scene)
        put_list(folder, split, ids)

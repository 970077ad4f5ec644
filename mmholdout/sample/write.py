"""A whole sample set in Pascal VOC layout: there completely or not at all."""

from __future__ import annotations

import shutil
import tempfile
from enum import Enum
from pathlib import Path

import cv2
import numpy as np

from mmholdout.errors import DataError
from mmholdout.sample import manifest
from mmholdout.sample.annotation import annotation_xml
from mmholdout.sample.scene import render

COUNTS = {'train': 720, 'val': 100, 'test': 100}
SPLIT_STREAMS = {'train': 0, 'val': 1, 'test': 2}
JPEG_QUALITY = 92


class Outcome(Enum):
    """What `write_sample` did."""

    WRITTEN = 'written'
    PRESENT = 'present'
    REPLACED = 'replaced'


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
    problems = [f'the {n} split needs 1 image or more, got {c}' for n, c in counts.items() if c < 1]
    if seed < 0:
        problems.append(f'the seed must be 0 or more, got {seed}')
    if problems:
        raise DataError(problems)
    folder = folder.expanduser().resolve()
    before = _inspect(folder, seed, counts, force)
    if before is Outcome.PRESENT:
        return before
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f'.{folder.name}-', dir=folder.parent))
    try:
        fresh = scratch / 'new'
        _render_all(fresh, seed, counts)
        manifest.Manifest(seed, counts, manifest.digest(fresh)).write(fresh)
        _exchange(fresh, folder, scratch / 'old')
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return before


def _exchange(fresh: Path, folder: Path, old: Path) -> None:
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise


def _inspect(folder: Path, seed: int, counts: dict[str, int], force: bool) -> Outcome:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return Outcome.WRITTEN
    found = manifest.read(folder) if folder.is_dir() else None
    if found is None:
        raise DataError(
            f'{folder} is no sample set (no {manifest.FILE_NAME}) and is left alone: '
            'name another folder with --out'
        )
    intact = found.digest == manifest.digest(folder)
    if intact and found.same_request(seed, counts):
        return Outcome.PRESENT
    if force:
        return Outcome.REPLACED
    state = (
        f'holds another sample set (seed {found.seed}, {_listed(found.counts)} images, '
        f'version {found.version})'
        if intact
        else 'holds a sample set whose files have been changed'
    )
    raise DataError(f'{folder} {state}: replace it with --force, or name another with --out')


def _listed(counts: dict[str, int]) -> str:
    return ', '.join(f'{count} {split}' for split, count in counts.items())


def _render_all(folder: Path, seed: int, counts: dict[str, int]) -> None:
    for name in ('Annotations', 'ImageSets/Main', 'JPEGImages'):
        (folder / name).mkdir(parents=True)
    for split, count in counts.items():
        ids = [f'{split}_{number:04d}' for number in range(count)]
        for number, image_id in enumerate(ids):
            scene = render(np.random.default_rng([seed, SPLIT_STREAMS[split], number]))
            done, jpeg = cv2.imencode('.jpg', scene.image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            if not done:
                raise RuntimeError(f'OpenCV could not encode {image_id}')
            (folder / 'JPEGImages' / f'{image_id}.jpg').write_bytes(jpeg.tobytes())
            xml = annotation_xml(f'{image_id}.jpg', scene)
            (folder / 'Annotations' / f'{image_id}.xml').write_text(xml, encoding='utf-8')
        listing = ''.join(f'{image_id}\n' for image_id in ids)
        (folder / 'ImageSets/Main' / f'{split}.txt').write_text(listing, encoding='utf-8')

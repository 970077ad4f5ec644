"""`predict`: detections on images, from a checkpoint alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from mmcv.transforms import Compose
from mmengine.config import ConfigDict
from mmengine.dataset import pseudo_collate
from mmengine.registry import DefaultScope

from mmholdout.errors import CheckpointError, DataError
from mmholdout.guards.descriptions import refuse_programs
from mmholdout.history.atomic import write_bytes
from mmholdout.memory import keep_freed_memory
from mmholdout.registry import MODELS
from mmholdout.report.console import Console
from mmholdout.report.draw import draw_detections
from mmholdout.report.inert import inert
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.device import choose_device, precision_of
from mmholdout.runner.parts import as_config_errors, innermost
from mmholdout.runner.score_thresholds import ScoreThresholds, thresholds_of

SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp', '.tif', '.tiff')


def predict(
    checkpoint: str,
    inputs: list[str],
    *,
    out_dir: str,
    score_thr: float | None = None,
    per_class_thr: bool = False,
    device: str | None = None,
) -> list[Path]:
    """Draw detections on images and on all images in folders; gives the written paths.

    Args:
        checkpoint: of this project; it carries classes, model and pipeline.
        inputs: image files or folders.
        out_dir: gets one picture an image, named as the image.
        score_thr: by default the one that validation chose, else 0.5.
        per_class_thr: for each class its own that validation chose, where it has one.
        device: by default CUDA where there is one.

    Raises:
        UserError: no images, an unreadable image, a checkpoint that says no model.
    """
    keep_freed_memory()
    images = list(_images(inputs))
    content = read_checkpoint(Path(checkpoint))
    meta = content['meta']
    thresholds, remarks = thresholds_of(meta, checkpoint, score_thr, per_class_thr)
    target = choose_device(device)
    precision, differs = precision_of(meta, target)
    console = Console()
    for notice in [*differs, *remarks]:
        console.say(notice)
    out = Path(out_dir)
    own = {path.resolve() for path, _ in images}
    if lost := next((name for _, name in images if (out / name).resolve() in own), None):
        raise DataError(f'{out / lost} is one of the images: give another --out-dir')
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with DefaultScope.overwrite_default_scope('mmholdout'):
        model, pipeline = _build(content, checkpoint)
        model.to(target).eval()
        precision.prepare(model)
        for path, name in images:
            with precision.autocast():
                picture, count = _draw(model, pipeline, path, thresholds)
            goal = _free_name(out / name, written)
            _write(goal, picture)
            written.append(goal)
            console.say(f'{inert(str(goal))}: {count} objects')
    console.say(f'{len(written)} pictures in {out}, {thresholds.text()}')
    return written


def _images(inputs: list[str]) -> Iterator[tuple[Path, str]]:
    problems, found = [], []
    for given in map(Path, inputs):
        if given.is_dir():
            inside = sorted(p for p in given.rglob('*') if p.suffix.lower() in SUFFIXES)
            found += [(p, _fitting('_'.join(p.relative_to(given).parts))) for p in inside]
            if not inside:
                problems.append(f'{given} holds no image ({", ".join(SUFFIXES)})')
        elif given.is_file():
            found.append((given, given.name))
        else:
            problems.append(f'there is no image or folder {given}')
    if problems:
        raise DataError(problems)
    return iter(found)


def _build(content: dict[str, Any], source: str) -> tuple[torch.nn.Module, Compose]:
    words = content['meta'].get('words')
    if not words:
        raise CheckpointError(f'{source} does not say which model it belongs to')
    refuse_programs(words, source)
    with as_config_errors(f'the model that {source} describes'):
        model = MODELS.build(ConfigDict(words['model']))
        steps = innermost(words['val_dataloader']['dataset'])['pipeline']
        steps = [dict(step) for step in steps if step['type'].split('.')[-1] != 'LoadAnnotations']
        pipeline = Compose(steps)
    try:
        model.load_state_dict(content['state_dict'])
    except RuntimeError as error:
        said = ' '.join(str(error).split())[:300]
        raise CheckpointError(f'{source} describes another model than it holds: {said}') from error
    return model, pipeline


@torch.no_grad()
def _draw(
    model: Any, pipeline: Compose, path: Path, thresholds: ScoreThresholds
) -> tuple[np.ndarray, int]:
    image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise DataError(f'{path} is not a readable image')
    sample = pipeline({'img_path': str(path), 'img_id': path.name})
    found = model.test_step(pseudo_collate([sample]))[0].pred_instances.cpu().numpy()
    keep = found.scores >= thresholds.of_labels(found.labels)
    boxes, labels, scores = found.bboxes[keep], found.labels[keep], found.scores[keep]
    picture = draw_detections(image, boxes, labels, scores, thresholds.classes, score_thr=-np.inf)
    return picture, int(keep.sum())


def _fitting(name: str) -> str:
    """The name, where it is longer than disks take shortened to its ends and a digest."""
    raw = os.fsencode(name)
    if len(raw) <= _MOST_BYTES:
        return name
    digest = hashlib.sha256(raw).hexdigest()[:8]
    first, last = (part.decode('utf-8', 'ignore') for part in (raw[:80], raw[-80:]))
    return f'{first}...{digest}...{last}'


_MOST_BYTES = 240  # of a file name; the usual limit is 255


def _free_name(goal: Path, taken: list[Path]) -> Path:
    stem, number = goal, 1
    while goal in taken:
        number += 1
        goal = stem.with_stem(f'{stem.stem}_{number}')
    return goal


def _write(goal: Path, picture: np.ndarray) -> None:
    done, data = cv2.imencode(goal.suffix, picture)
    if not done:
        raise DataError(f'{goal}: OpenCV cannot write this kind of image')
    try:
        write_bytes(goal, data.tobytes())  # replaces a link, rather than what it leads to
    except OSError as error:
        raise DataError(f'{goal} cannot be written: {error.strerror}') from error

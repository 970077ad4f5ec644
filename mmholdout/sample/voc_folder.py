"""Scenes as files of a folder in Pascal VOC layout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2

from mmholdout.sample.annotation import annotation_xml
from mmholdout.sample.scene import Scene

JPEG_QUALITY = 92


def make_folders(folder: Path) -> None:
    """Make the folder with its empty subfolders."""
    for name in ('Annotations', 'ImageSets/Main', 'JPEGImages'):
        (folder / name).mkdir(parents=True)


def put_scene(folder: Path, image_id: str, scene: Scene) -> None:
    """Write image and annotation of one scene."""
    done, jpeg = cv2.imencode('.jpg', scene.image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise RuntimeError(f'OpenCV could not encode {image_id}')
    (folder / 'JPEGImages' / f'{image_id}.jpg').write_bytes(jpeg.tobytes())
    xml = annotation_xml(f'{image_id}.jpg', scene)
    (folder / 'Annotations' / f'{image_id}.xml').write_text(xml, encoding='utf-8')


def put_list(folder: Path, split: str, ids: Iterable[str]) -> None:
    """Write the list of a split."""
    listing = ''.join(f'{image_id}\n' for image_id in ids)
    (folder / 'ImageSets/Main' / f'{split}.txt').write_text(listing, encoding='utf-8')

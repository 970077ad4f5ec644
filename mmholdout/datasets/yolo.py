"""Detection data in YOLO's format."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mmholdout.datasets.checked import CheckedDataset, Listed, Words
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.entry_reader import Entry, EntryReader
from mmholdout.datasets.image_header import ImageHeader
from mmholdout.datasets.voc_index import VOCIndex, index_place
from mmholdout.datasets.voc_report import SHOWN
from mmholdout.datasets.voc_samples import VOCSamples
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject
from mmholdout.datasets.yolo_places import YOLOPlaces
from mmholdout.errors import DataError
from mmholdout.formats.found import Found
from mmholdout.formats.yolo_images import images_of, label_path
from mmholdout.formats.yolo_labels import YOLOObject, read_labels
from mmholdout.formats.yolo_writer import YOLOWriter
from mmholdout.registry import DATASETS

_OUTLINES = 'polygons, of which the box around is taken'


@DATASETS.register_module()
class YOLODataset(CheckedDataset):
    """`data.yaml`, images below `images/` and a text file for each below `labels/`.

    As with `VOCDataset`, everything that can be wrong is found at the start and told at once, and
    boxes are clipped and dropped by the same rules. The names in `data.yaml` become labels by
    the order of `metainfo`. An image without a label file, or with an empty one, is kept as a
    negative. A sample's `img_id` is the image's path below the folder of the data.

    Args: those of `CheckedDataset`, with `ann_file='data.yaml'`, and
        split: which one of the file is read, 'train', 'val' or 'test'.

    Raises:
        ConfigError: contradictory arguments.
        DataError: files missing or wrong, all of them at once.
    """

    format_name = 'yolo'
    writer = YOLOWriter

    def __init__(self, *, split: str = '', **kwargs: Any) -> None:
        self.split = split
        super().__init__(**kwargs)

    def own_words(self) -> dict[str, Any]:
        """The split."""
        return {'split': self.split}

    @classmethod
    def places_of(cls, words: Words) -> YOLOPlaces:
        """See `YOLOPlaces.of`."""
        return YOLOPlaces.of(words)

    @classmethod
    def listed(cls, words: Words) -> Iterator[Listed]:
        """The images in the folders and lists of the split."""
        places, part = YOLOPlaces.of(words), DrawnPart.of(words.get('part') or {})
        if places.file.is_file():
            for image_id, path in _images(places, Found()).items():
                if part.holds(image_id):
                    yield image_id, path, path.is_file()

    @classmethod
    def label_files(cls, words: Words) -> Iterator[Path]:
        """`data.yaml`, lists, and label files."""
        places = YOLOPlaces.of(words)
        yield places.file
        if places.file.is_file():
            for place in places.read().splits.get(places.split, ()):
                if place.is_file():
                    yield place
            for _, image, _ in cls.listed(words):
                if (label := label_path(image)).is_file():
                    yield label

    @classmethod
    def ids_below(cls, words: Words) -> Path:
        """The folder that `data.yaml` names, or is in."""
        places = YOLOPlaces.of(words)
        return places.read().base if places.file.is_file() else Path(places.data_root)

    @classmethod
    def files_of_ids(cls, words: Words, ids: Sequence[str]) -> dict[str, Path]:
        """An id is a path, whether a list names it or not."""
        base = cls.ids_below(words)
        found = {image_id: base / image_id for image_id in ids}
        return {image_id: path for image_id, path in found.items() if path.is_file()}

    @classmethod
    def words_of_folder(cls, folder: Path) -> dict[str, dict[str, Any]]:
        """The splits that `data.yaml` names."""
        if not (folder / 'data.yaml').is_file():
            return {}
        words = {'type': cls.__name__, 'data_root': str(folder), 'ann_file': 'data.yaml'}
        places = YOLOPlaces.of(words | {'split': 'train'})
        return {split: words | {'split': split} for split in places.read().splits}

    @classmethod
    def classes_of(cls, words: Words) -> tuple[str, ...]:
        """The names."""
        return YOLOPlaces.of(words).read().names

    def read_samples(self, *, marks: bool = False) -> list[dict[str, Any]]:
        """Read and check every label file of the split, and the header of every image."""
        places: YOLOPlaces = self.places
        data, found = places.read(), Found()
        images = _images(places, found)
        for one in (data.found, found):
            for kind, examples in one.problems.items():
                self.report.problem(kind, *examples)
            for kind, examples in one.notices.items():
                self.report.notice(kind, *examples)
        if not images:
            known = ', '.join(data.splits) or 'none'
            self.report.problem(f'no image of {places.split!r}; splits that it names: {known}')
        if self.part is not None:
            whole = len(images)
            images = {i: path for i, path in images.items() if self.part.holds(i)}
            self.say_part(self.part, len(images), whole)
        samples = VOCSamples(
            self.lookup(self._metainfo), self.report, one_based=False, size='', marks=marks
        )
        where = (str(places.file.absolute()), places.split, repr(self.part))
        index = VOCIndex(index_place(*where) if self.use_index else None)
        reader = EntryReader(samples, self.report, skip_corrupt=self.corrupt == 'skip')
        read = reader.read(self._entries(images), index, _Annotate(data.names, self.report))
        samples.say_facts(read)
        return read

    def _entries(self, images: dict[str, Path]) -> list[Entry]:
        """Those images that are there, with their label file or None."""
        entries: list[Entry] = []
        owners: dict[Path, list[str]] = defaultdict(list)
        bare = []
        for image_id, path in images.items():
            if not path.is_file():
                self.report.problem('listed images that are not there', str(path))
                continue
            label = label_path(path)
            owners[label].append(image_id)
            there = label.is_file()
            bare += [] if there else [label]
            name = os.path.relpath(label, self.places.data_root or '.')
            entries.append(Entry(image_id, image_id, path, name, label if there else None))
        shared = {label: ids for label, ids in owners.items() if len(ids) > 1}
        for label, ids in shared.items():
            self.report.problem('images that share a label file', f'{label}: {", ".join(ids)}')
        if bare and len(bare) == len(entries):
            self.report.problem(
                f'none of the {len(entries)} images has a label file; looked for', str(bare[0])
            )
        elif bare:
            rest = f' and {len(bare) - SHOWN} more' if len(bare) > SHOWN else ''
            names = ', '.join(label.name for label in bare[:SHOWN])
            self.report.fact(f'images without a label file: {len(bare)} ({names}{rest})')
        return entries


class _Annotate:
    """Reads the label file of an entry."""

    def __init__(self, names: Sequence[str], report: Any) -> None:
        self.names, self.report = names, report

    def __call__(self, entry: Entry, header: ImageHeader | None, index: VOCIndex) -> VOCAnnotation:
        if entry.source is None:
            return VOCAnnotation((), None)
        objects = _labels(entry, index)
        most = len(self.names) - 1
        wrong = sorted({o.label for o in objects if o.label > most})
        if wrong:
            raise DataError(
                f'{entry.source}: label {", ".join(map(str, wrong[:5]))}; data.yaml has names for '
                f'0 to {most}'
            )
        outlines = sum(o.outline for o in objects)
        if outlines:
            self.report.notice(_OUTLINES, f'{entry.file} ({outlines})')
        if header is None:
            return VOCAnnotation((), None)
        size = (header.width, header.height)
        return VOCAnnotation(
            tuple(
                VOCObject(
                    self.names[o.label],
                    o.box(*size),
                    difficult=False,
                    marks=frozenset({'segmentation'} if o.outline else ()),
                )
                for o in objects
            ),
            None,
        )


def _labels(entry: Entry, index: VOCIndex) -> list[YOLOObject]:
    kept, signature = index.known('labels', entry.key, entry.source)
    if kept is not None:
        return [YOLOObject(label, tuple(shares), outline) for label, shares, outline in kept]
    objects = read_labels(entry.source)
    flat = [[o.label, list(o.shares), o.outline] for o in objects]
    index.keep('labels', entry.key, signature, flat)
    return objects


def _images(places: YOLOPlaces, found: Found) -> dict[str, Path]:
    """Id -> file, in the order of the split."""
    data = places.read()
    images = images_of(data.splits.get(places.split, ()), data.base, found)
    return {_id(path, data.base): path for path in images}


def _id(path: Path, base: Path) -> str:
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.as_posix()

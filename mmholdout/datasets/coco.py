"""Detection data in COCO's format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mmholdout.datasets.checked import CheckedDataset, Listed, Words
from mmholdout.datasets.coco_folder import coco_folder
from mmholdout.datasets.coco_places import COCOPlaces
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.entry_reader import Entry, EntryReader
from mmholdout.datasets.image_header import ImageHeader
from mmholdout.datasets.voc_index import VOCIndex, index_place
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_samples import VOCSamples
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject
from mmholdout.formats.coco_file import COCOImage, read_coco, read_images
from mmholdout.formats.coco_writer import COCOWriter
from mmholdout.formats.records import DIFFICULT, IGNORED
from mmholdout.registry import DATASETS


@DATASETS.register_module()
class COCODataset(CheckedDataset):
    """`images`, `annotations` and `categories` in one JSON file, and a folder of images.

    As with `VOCDataset`, everything that can be wrong is found at the start and told at once, and
    boxes are clipped and dropped by the same rules. Categories become labels by their names, in
    the order of `metainfo`, whatever their ids. A sample's `img_id` is the id in the file.

    A crowd and an object with `ignore` 1 have `ignore_flag` 1: metrics do not count them.
    `area` is not read: sizes are those of boxes. Images without objects are kept.

    Args: those of `CheckedDataset`, but `ann_file` is one file.

    Raises:
        ConfigError: contradictory arguments.
        DataError: files missing or wrong, all of them at once.
    """

    format_name = 'coco'
    writer = COCOWriter
    not_kept = 'info, licenses, and ids of images, annotations and categories'
    prefixes = {'img': ''}

    @classmethod
    def places_of(cls, words: Words) -> COCOPlaces:
        """See `COCOPlaces.of`."""
        return COCOPlaces.of(words)

    @classmethod
    def listed(cls, words: Words) -> Iterator[Listed]:
        """The file's images; its annotations are passed over."""
        places, part = COCOPlaces.of(words), DrawnPart.of(words.get('part') or {})
        if places.file.is_file():
            for image in read_images(places.file):
                if part.holds(image.name):
                    path = places.folder / image.name
                    yield image.number, path, path.is_file()

    @classmethod
    def label_files(cls, words: Words) -> Iterator[Path]:
        """The one file."""
        places = COCOPlaces.of(words)
        if places.ann_file:
            yield places.file

    @classmethod
    def words_of_folder(cls, folder: Path) -> dict[str, dict[str, Any]]:
        """See `coco_folder`."""
        return {
            split: {'type': cls.__name__, 'data_root': str(folder)} | words
            for split, words in coco_folder(folder).items()
        }

    @classmethod
    def classes_of(cls, words: Words) -> tuple[str, ...]:
        """Names of the categories, in the order of their ids."""
        return read_coco(COCOPlaces.of(words).file).categories

    def read_samples(self, *, marks: bool = False) -> list[dict[str, Any]]:
        """Read and check the file, and the header of every image."""
        places: COCOPlaces = self.places
        content = read_coco(places.file)
        for kind, examples in content.found.problems.items():
            self.report.problem(kind, *examples)
        for kind, examples in content.found.notices.items():
            self.report.notice(kind, *examples)
        if not content.images:
            self.report.problem('the file lists no images; a split needs at least one')
        images = content.images
        if self.part is not None:
            images = [image for image in images if self.part.holds(image.name)]
            self.say_part(self.part, len(images), len(content.images))
        samples = VOCSamples(
            self.lookup(self._metainfo),
            self.report,
            one_based=False,
            size='width or height of the file',
            marks=marks,
        )
        entries = _there(images, places, self.report)
        where = (str(path.absolute()) for path in (places.file, places.folder))
        index = VOCIndex(index_place(*where, repr(self.part)) if self.use_index else None)
        reader = EntryReader(samples, self.report, skip_corrupt=self.corrupt == 'skip')
        found = reader.read(entries, index, _annotation)
        samples.say_facts(found)
        return found


def _there(images: Sequence[COCOImage], places: COCOPlaces, report: VOCReport) -> list[Entry]:
    entries = []
    for image in images:
        path = places.folder / image.name
        if path.is_file():
            file = f'{places.ann_file} image {json.dumps(image.number)} ({image.name})'
            entries.append(Entry(image.name, image.number, path, file, image))
        else:
            report.problem(f'listed images that are not in {places.folder}', repr(image.name))
    return entries


def _annotation(entry: Entry, header: ImageHeader | None, index: VOCIndex) -> VOCAnnotation:
    del header, index
    image: COCOImage = entry.source
    return VOCAnnotation(
        tuple(
            VOCObject(o.category, o.box, bool(o.marks & IGNORED), o.marks - {DIFFICULT})
            for o in image.objects
        ),
        image.size,
    )

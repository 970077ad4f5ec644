"""Reads all files of a split and reports on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.entry_reader import Entry, EntryReader
from mmholdout.datasets.image_header import ImageHeader
from mmholdout.datasets.voc_files import ANNOTATION_SUFFIXES, IMAGE_SUFFIXES, FilesById
from mmholdout.datasets.voc_index import VOCIndex, index_place
from mmholdout.datasets.voc_lists import read_list
from mmholdout.datasets.voc_places import ANNOTATIONS, IMAGES
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_roots import VOCRoot
from mmholdout.datasets.voc_samples import VOCSamples
from mmholdout.datasets.voc_xml import VOCAnnotation


class VOCReader:
    """One pass over a split; problems, notices and facts go to the report.

    Args:
        lookup: of class names.
        report: filled by `read`; its problems are not raised here.
        one_based: see `clean_box`.
        img_subdir: of the images.
        ann_subdir: of the annotations.
        part: of the lists; all of them by default.
        skip_corrupt: decode every image, and leave out those that cannot be decoded.
        use_index: see `VOCIndex`.
        marks: see `VOCSamples`.
    """

    def __init__(
        self,
        lookup: ClassLookup,
        report: VOCReport,
        *,
        one_based: bool = True,
        img_subdir: str = IMAGES,
        ann_subdir: str = ANNOTATIONS,
        part: DrawnPart | None = None,
        skip_corrupt: bool = False,
        use_index: bool = True,
        marks: bool = False,
    ) -> None:
        self.report = report
        self.samples = VOCSamples(lookup, report, one_based, marks=marks)
        self.entries = EntryReader(self.samples, report, skip_corrupt=skip_corrupt)
        self.img_subdir, self.ann_subdir = img_subdir, ann_subdir
        self.part = part
        self.use_index = use_index

    def read(self, roots: Sequence[VOCRoot]) -> list[dict[str, Any]]:
        """Samples in the order of the lists; incomplete where the report holds problems.

        Raises:
            DataError: a list itself cannot be read.
        """
        samples: list[dict[str, Any]] = []
        taken: dict[str, None] = {}
        drawn = 0
        for root in roots:
            listed = read_list(root.list_path)
            if not listed.ids:
                where = f' ({root.listed})' if len(roots) > 1 else ''
                self.report.problem(f'the list is empty{where}; a split needs at least one image')
            again = [root.prefix + i for i in listed.ids if root.prefix + i in taken]
            self.report.notice(
                'id listed more than once, taken once',
                *(f'{root.prefix + i!r} ({count} times)' for i, count in listed.repeated.items()),
                *(f'{img_id!r} (in several lists)' for img_id in again),
            )
            if listed.per_class:
                self.report.fact(
                    f"{root.listed} is one of VOC's per-class lists; its flags (-1, 0, 1) are not "
                    f'read and all {len(listed.ids)} images are taken'
                )
            ids = [i for i in listed.ids if root.prefix + i not in taken]
            taken.update(dict.fromkeys(root.prefix + i for i in ids))
            if self.part is not None:
                ids = [i for i in ids if self.part.holds(root.prefix + i)]
            drawn += len(ids)
            samples += self._read_root(root, ids)
        if self.part is not None:
            share = f'the part from {self.part.start:g} to {self.part.stop:g} of the list'
            self.report.fact(f'{share}, drawn by id: {drawn} of {len(taken)} images')
            if taken and not drawn:
                self.report.problem(f'{share} holds none of its {len(taken)} images')
        self.samples.say_facts(samples)
        return samples

    def _read_root(self, root: VOCRoot, ids: Iterable[str]) -> list[dict[str, Any]]:
        images = FilesById(root.folder / self.img_subdir, IMAGE_SUFFIXES)
        annotations = FilesById(root.folder / self.ann_subdir, ANNOTATION_SUFFIXES)
        where = (str(path.absolute()) for path in (root.folder, root.list_path))
        place = index_place(*where, self.img_subdir, self.ann_subdir, repr(self.part))
        index = VOCIndex(place if self.use_index else None)
        found = [
            Entry(i, root.prefix + i, files[0], self._name(root, i, files[1]), files[1])
            for i in ids
            if (files := self._files(root.prefix + i, i, images, annotations))
        ]
        return self.entries.read(found, index, _annotation)

    def _name(self, root: VOCRoot, key: str, xml: Path) -> str:
        return f'{root.prefix}{self.ann_subdir}/{key}{xml.suffix}'

    def _files(
        self, img_id: str, key: str, images: FilesById, annotations: FilesById
    ) -> tuple[Path, Path] | None:
        pictures, xmls = images.find(key), annotations.find(key)
        if len(pictures) == len(xmls) == 1:
            return pictures[0], xmls[0]
        for found, what in ((pictures, 'images'), (xmls, 'annotations')):
            if len(found) > 1:
                names = ' and '.join(path.name for path in found)
                self.report.problem(f'listed ids with several {what}', f'{img_id!r}: {names}')
        lacking = [f for f, paths in ((annotations, xmls), (images, pictures)) if not paths]
        if lacking:
            where = ' and in '.join(str(files.folder) for files in lacking)
            self.report.problem(
                f'listed ids without a file in {where}', f'{img_id!r}{lacking[0].hint(key)}'
            )
        return None


def _annotation(entry: Entry, header: ImageHeader | None, index: VOCIndex) -> VOCAnnotation:
    del header
    return index.annotation(entry.key, entry.source)

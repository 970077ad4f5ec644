"""Reads all files of a split and reports on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.decode_check import decode_all
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.voc_files import ANNOTATION_SUFFIXES, IMAGE_SUFFIXES, FilesById
from mmholdout.datasets.voc_index import VOCIndex, index_place
from mmholdout.datasets.voc_lists import read_list
from mmholdout.datasets.voc_places import ANNOTATIONS, IMAGES
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_roots import VOCRoot
from mmholdout.datasets.voc_samples import VOCSamples
from mmholdout.errors import DataError

LEFT_OUT = "images that cannot be decoded, left out (corrupt='skip')"


@dataclass(frozen=True)
class _Listed:
    """One listed image: `key` names it below its root, `img_id` in the dataset."""

    key: str
    img_id: str
    image: Path
    xml: Path


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
    ) -> None:
        self.report = report
        self.samples = VOCSamples(lookup, report, one_based)
        self.img_subdir, self.ann_subdir = img_subdir, ann_subdir
        self.part = part
        self.skip_corrupt, self.use_index = skip_corrupt, use_index

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
            _Listed(i, root.prefix + i, *files)
            for i in ids
            if (files := self._files(root.prefix + i, i, images, annotations))
        ]
        if self.skip_corrupt:
            found = self._decodable(found, index)
        samples = [sample for one in found if (sample := self._sample(one, index))]
        if reason := index.save():
            self.report.fact(
                f'{index.files_read} files are read again at every start, because the index '
                f'cannot be kept: {reason}. Set XDG_CACHE_HOME to a folder that can be written to'
            )
        return samples

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

    def _decodable(self, listed: list[_Listed], index: VOCIndex) -> list[_Listed]:
        """Those whose image can be decoded; whether it can is kept in the index."""
        signatures, new = {}, []
        for one in listed:
            kept, signature = index.known('decoded', one.key + one.image.suffix, one.image)
            if kept is None:
                signatures[str(one.image)] = signature
                new.append(one)
        corrupt = set()
        for one, decoded in zip(new, decode_all([str(one.image) for one in new])):
            if decoded.unreadable:
                corrupt.add(one)
                self.report.notice(LEFT_OUT, decoded.unreadable)
            else:
                key = one.key + one.image.suffix
                index.keep('decoded', key, signatures[decoded.path], True)
        return [one for one in listed if one not in corrupt]

    def _sample(self, one: _Listed, index: VOCIndex) -> dict[str, Any] | None:
        header, annotation = None, None
        try:
            header = index.header(one.key + one.image.suffix, one.image)
        except DataError as error:
            self.report.problem('images that cannot be used', *error.problems)
        try:
            annotation = index.annotation(one.key, one.xml)
        except DataError as error:
            self.report.problem('annotations that cannot be used', *error.problems)
        if header is None or annotation is None:
            return None
        prefix = one.img_id.removesuffix(one.key)
        file = f'{prefix}{self.ann_subdir}/{one.key}{one.xml.suffix}'
        sample = self.samples.make(file, header, annotation)
        return {'img_id': one.img_id, 'img_path': str(one.image), **sample}

"""Images with their annotations, read and checked one by one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.datasets.decode_check import decode_all
from mmholdout.datasets.image_header import ImageHeader
from mmholdout.datasets.voc_index import VOCIndex
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_samples import VOCSamples
from mmholdout.datasets.voc_xml import VOCAnnotation
from mmholdout.errors import DataError

LEFT_OUT = "images that cannot be decoded, left out (corrupt='skip')"


@dataclass(frozen=True, eq=False)
class Entry:
    """One listed image.

    Attributes:
        key: names its files within the index.
        img_id: in the dataset.
        image: its file.
        file: names its annotation in the report.
        source: where the annotation is, or what it says.
    """

    key: str
    img_id: Hashable
    image: Path
    file: str
    source: Any


# Gives the annotation of an entry; its header is None where the image cannot be used.
Annotate = Callable[[Entry, ImageHeader | None, VOCIndex], VOCAnnotation]


class EntryReader:
    """Makes samples of entries; problems, notices and facts go to the report.

    Args:
        samples: makes them.
        report: filled by `read`.
        skip_corrupt: decode every image, and leave out those that cannot be decoded.
    """

    def __init__(
        self, samples: VOCSamples, report: VOCReport, *, skip_corrupt: bool = False
    ) -> None:
        self.samples, self.report, self.skip_corrupt = samples, report, skip_corrupt

    def read(
        self, entries: Sequence[Entry], index: VOCIndex, annotate: Annotate
    ) -> list[dict[str, Any]]:
        """Samples in the given order; incomplete where the report holds problems."""
        if self.skip_corrupt:
            entries = self._decodable(entries, index)
        found = [one for entry in entries if (one := self._sample(entry, index, annotate))]
        if reason := index.save():
            self.report.fact(
                f'{index.files_read} files are read again at every start, because the index '
                f'cannot be kept: {reason}. Set XDG_CACHE_HOME to a folder that can be written to'
            )
        return found

    def _decodable(self, entries: Sequence[Entry], index: VOCIndex) -> list[Entry]:
        """Those whose image can be decoded; whether it can is kept in the index."""
        signatures, new = {}, []
        for one in entries:
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
        return [one for one in entries if one not in corrupt]

    def _sample(self, one: Entry, index: VOCIndex, annotate: Annotate) -> dict[str, Any] | None:
        header, annotation = None, None
        try:
            header = index.header(one.key + one.image.suffix, one.image)
        except DataError as error:
            self.report.problem('images that cannot be used', *error.problems)
        try:
            annotation = annotate(one, header, index)
        except DataError as error:
            self.report.problem('annotations that cannot be used', *error.problems)
        if header is None or annotation is None:
            return None
        sample = self.samples.make(one.file, header, annotation)
        return {'img_id': one.img_id, 'img_path': str(one.image), **sample}

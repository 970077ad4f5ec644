"""Pascal VOC 2007 and 2012: the official archives, and the folder that configs expect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mmholdout.errors import DataError
from mmholdout.fetch.archive import unpacked
from mmholdout.fetch.digest import Digest
from mmholdout.fetch.download import DownloadError, download

HOST = 'http://host.robots.ox.ac.uk/pascal/VOC/'
IMAGES, ANNOTATIONS, LISTS = 'JPEGImages', 'Annotations', 'ImageSets/Main'

Say = Callable[[str], None]
Progress = Callable[[str, int, int | None], None]  # what, number so far, number in all


@dataclass(frozen=True)
class Archive:
    """One official archive.

    Attributes:
        year: its folder is `VOC<year>`.
        place: of the archive below `HOST`.
        digest: of the file, as published in torchvision's `datasets/voc.py`.
        lists: of images in it, and how many each names.
    """

    year: int
    place: str
    digest: Digest
    lists: Mapping[str, int]

    @property
    def name(self) -> str:
        """Of the file."""
        return self.place.rpartition('/')[2]


ARCHIVES = (
    Archive(
        2007,
        'voc2007/VOCtrainval_06-Nov-2007.tar',
        Digest('md5', 'c52e279531787c972589f7e41ab4ae64'),
        {'train': 2501, 'val': 2510, 'trainval': 5011},
    ),
    Archive(
        2007,
        'voc2007/VOCtest_06-Nov-2007.tar',
        Digest('md5', 'b6e924de25625d8de591ea690078ad9f'),
        {'test': 4952},
    ),
    Archive(
        2012,
        'voc2012/VOCtrainval_11-May-2012.tar',
        Digest('md5', '6cd6e144f989b92b3379bac3b3de84fd'),
        {'train': 5717, 'val': 5823, 'trainval': 11540},
    ),
)


def _silent(*_: object) -> None:
    """Nothing is wanted to be said."""


def prepare(
    out: Path,
    store: Path,
    years: Sequence[int],
    *,
    archives: Sequence[Archive] = ARCHIVES,
    host: str = HOST,
    say: Say = _silent,
    progress: Progress = _silent,
) -> None:
    """Make `out/VOC2007` and `out/VOC2012`; a year that is there whole is left alone.

    A year appears by one rename, when all of it is unpacked and its lists are checked.

    Args:
        out: becomes `data_root` of a config.
        store: holds the archives; those that it lacks are downloaded into it and stay.
        years: which.
        archives: what there is.
        host: address of the folder that holds `voc2007/` and `voc2012/`.
        say: is given one line for each step.
        progress: of downloads in bytes, of unpacking in files.

    Raises:
        DataError: a year is there in part; an archive is damaged or lacks what it should hold.
        DownloadError: an archive cannot be had.
    """
    wanted = {year: [a for a in archives if a.year == year] for year in dict.fromkeys(years)}
    unknown = [year for year, found in wanted.items() if not found]
    if unknown:
        known = ', '.join(str(year) for year in dict.fromkeys(a.year for a in archives))
        raise DataError(f'there is no year {unknown[0]}; there are {known}')
    missing = {year: found for year, found in wanted.items() if not _is_there(out, year, found)}
    for year in wanted:
        if year not in missing:
            say(f'already there, unchanged: {out / f"VOC{year}"}')
    for year, found in missing.items():
        files = [_archive_file(archive, store, host, say, progress) for archive in found]
        out.mkdir(parents=True, exist_ok=True)
        _arrange(out, year, files, found, say, progress)
        counts = ', '.join(f'{n} in {name}' for a in found for name, n in a.lists.items())
        say(f'wrote {out / f"VOC{year}"}: {counts}')


def _is_there(out: Path, year: int, found: Sequence[Archive]) -> bool:
    folder = out / f'VOC{year}'
    if not folder.exists():
        return False
    problems = list(_defects(folder, found))
    if problems:
        raise DataError(
            f'{folder} is there, but it is not all of VOC{year}: {problems[0]}. Move it away, or '
            'give another --out'
        )
    return True


def _archive_file(archive: Archive, store: Path, host: str, say: Say, progress: Progress) -> Path:
    path = store / archive.name
    if path.is_file():
        say(f'checking {path}')
        if wrong := archive.digest.differs(path):
            raise DataError(
                f'{path} is not the official archive: {wrong}. Move it away, and it is downloaded'
            )
        return path
    url = f'{host.rstrip("/")}/{archive.place}'
    say(f'downloading {url} to {path}')
    try:
        download(url, path, archive.digest, progress=partial(progress, archive.name))
    except DownloadError as error:
        raise type(error)(
            f'{error}. Run the same command again, or fetch {archive.name} elsewhere and give '
            'its folder as --archives'
        ) from error
    return path


def _arrange(
    out: Path,
    year: int,
    files: Sequence[Path],
    found: Sequence[Archive],
    say: Say,
    progress: Progress,
) -> None:
    """Unpack, bring together, check, and rename into place."""
    name = f'VOC{year}'
    whole: Path | None = None
    with ExitStack() as stack:
        for file in files:
            say(f'unpacking {file}')
            shown = partial(progress, file.name)
            folder = stack.enter_context(unpacked(file, out, progress=shown))
            part = folder / 'VOCdevkit' / name
            if not part.is_dir():
                raise DataError(f'{file} holds no VOCdevkit/{name}')
            if whole is None:
                whole = part
            else:
                _merge(part, whole, say)
        assert whole is not None  # noqa: S101 - a year has an archive
        if problem := next(_defects(whole, found), None):
            raise DataError(f'the archives of {name} do not hold all of it: {problem}')
        whole.rename(out / name)


def _defects(folder: Path, found: Sequence[Archive]) -> Iterator[str]:
    """What a folder of a year lacks, in sentences."""
    for archive in found:
        for name, count in archive.lists.items():
            path = folder / LISTS / f'{name}.txt'
            ids = path.read_text(encoding='utf-8').split() if path.is_file() else []
            if len(ids) != count:
                yield f'{LISTS}/{name}.txt names {len(ids)} images, not {count}'
            for one in ids:
                for place in (f'{IMAGES}/{one}.jpg', f'{ANNOTATIONS}/{one}.xml'):
                    if not (folder / place).is_file():
                        yield f'{place} is missing'


def _merge(part: Path, whole: Path, say: Say) -> None:
    """Move every file over; of a file that is in both, the first stays."""
    for path in sorted(p for p in part.rglob('*') if p.is_file()):
        goal = whole / path.relative_to(part)
        if not goal.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            path.rename(goal)
        elif path.read_bytes() != goal.read_bytes():
            say(f'note: two archives hold different {path.relative_to(part)}; the first is kept')

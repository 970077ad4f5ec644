"""A set of images and labels, written anew in another format."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mmholdout.datasets.places import require_places
from mmholdout.errors import ConfigError, DataError
from mmholdout.formats.records import IGNORED, Collection, Picture, Thing
from mmholdout.formats.writer import Writer
from mmholdout.runner.convert_check import open_dataset, require_same
from mmholdout.runner.data_sources import classes_of, format_of, require_format, sources_of
from mmholdout.runner.formats import formats
from mmholdout.runner.parts import Words
from mmholdout.splits.listed import listed

IMAGES = ('link', 'copy')
Files = dict[str, list[Path]]  # split -> the images, in the order of its pictures


@dataclass(frozen=True)
class Conversion:
    """How a set is to be converted.

    Attributes:
        to: name of a format.
        origin: that of the source; None finds out.
        images: 'link' gives each image a second name on the disk (a hard link), 'copy' copies.
        fractions: keep parts of pixels in VOC, whose corners are whole ones.
        drop_ignored: leave out difficult objects and crowds.
        classes: names in label order; None takes those of the source.
    """

    to: str
    origin: str | None = None
    images: str = 'link'
    fractions: bool = False
    drop_ignored: bool = False
    classes: Sequence[str] | None = None


@dataclass
class Converted:
    """What was done: the records, and sentences about what was mended, lost and rounded."""

    collection: Collection
    source: str
    reports: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    rounding: str = ''
    dropped: int = 0


def convert(place: Path, out: Path, how: Conversion) -> Converted:
    """Read and check the source as training would, write, read back, and compare.

    What training would mend (boxes beyond the image, say) is written mended. The new folder is
    there completely or not at all.

    Args:
        place: a folder, or a config.
        out: the new folder; it may exist if it is empty.
        how: to convert.

    Raises:
        ConfigError: arguments that do not fit.
        DataError: the source has defects that stop training too, `out` holds something, two
            images would get one name, or the disk refuses.
    """
    require_format(how.to)
    _require_free(out)
    sources = sources_of(place, format_name=how.origin)
    names = {format_of(words) for found in sources.values() for words in found}
    if '' in names:
        raise ConfigError(f'{place} has a data set that is none of {", ".join(formats())}')
    if names == {how.to}:
        raise ConfigError(f'{place} is in the format {how.to} already')
    kind = formats()[how.to]
    if kind.writer is None:
        raise ConfigError(f'the format {how.to} can be read but not written')
    writer = kind.writer(fractions=how.fractions)
    classes = _classes(how.classes, classes_of(sources))
    done = Converted(Collection(classes, {}), '+'.join(sorted(names)))
    splits, files = {}, {}
    for split, found in sources.items():
        splits[split], files[split] = _read(found, classes, done, how.drop_ignored)
    done.collection = _named(Collection(classes, splits), writer, how.to)
    never = [one.not_kept for name, one in formats().items() if name in names and one.not_kept]
    done.losses, done.rounding = (
        [*writer.losses(done.collection), *never],
        writer.rounding(done.collection),
    )
    _write_whole(out, done.collection, files, writer, how)
    return done


def _require_free(out: Path) -> None:
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise DataError(f'{out} is there already and is left alone; name a new folder')


def _classes(given: Sequence[str] | None, source: tuple[str, ...]) -> tuple[str, ...]:
    if given is None:
        return source
    missing = [name for name in source if name not in given]
    if missing or len(set(given)) < len(given):
        raise ConfigError(
            f'--classes must name each class once; the source has {", ".join(source)}'
            + (f'; missing: {", ".join(missing)}' if missing else '')
        )
    return tuple(given)


def _read(
    sources: Sequence[Words], classes: tuple[str, ...], done: Converted, drop_ignored: bool
) -> tuple[list[Picture], list[Path]]:
    """The images of one split with their objects, and the files they are in."""
    samples: list[dict[str, Any]] = []
    for words in sources:
        samples += _samples(words, classes, done)
    paths = [Path(sample['img_path']) for sample in samples]
    try:
        top = os.path.commonpath([os.path.abspath(path.parent) for path in paths])  # noqa: PTH100
    except ValueError:
        raise DataError('the images of one split are on several drives') from None
    pictures = []
    for sample, path in zip(samples, paths):
        things = [
            Thing(i['bbox_label'], tuple(i['bbox']), frozenset(i['marks']))
            for i in sample['instances']
        ]
        kept = [thing for thing in things if not (drop_ignored and thing.marks & IGNORED)]
        done.dropped += len(things) - len(kept)
        name = Path(os.path.relpath(path, top)).as_posix()
        pictures.append(Picture(name, sample['width'], sample['height'], tuple(kept)))
    return pictures, paths


def _samples(words: Words, classes: tuple[str, ...], done: Converted) -> list[dict[str, Any]]:
    if words.get('indices') is not None:
        raise ConfigError('a data set with `indices` cannot be converted: make a list of its own')
    dataset = open_dataset(words | {'metainfo': {'classes': classes}})
    require_places([('', dataset.places)])
    samples = dataset.read_samples(marks=True)
    dataset.report.raise_problems()
    text = dataset.report.text()
    done.reports += [text] if text else []
    return samples


def _named(collection: Collection, writer: Writer, to: str) -> Collection:
    """With names that are unique where the images will be.

    Raises:
        DataError: two images of a split would have one label file.
    """
    splits = dict(collection.splits)
    names = [picture.name for split in splits.values() for picture in split]
    stems = [str(Path(name).with_suffix('')) for name in names]
    if writer.one_folder and len(set(stems)) < len(stems):
        splits = {
            split: [replace(picture, name=f'{split}/{picture.name}') for picture in pictures]
            for split, pictures in splits.items()
        }
    problems = []
    for split, pictures in splits.items():
        owners: dict[str, list[str]] = {}
        for picture in pictures:
            owners.setdefault(str(Path(picture.name).with_suffix('')), []).append(picture.name)
        twice = [' and '.join(found) for found in owners.values() if len(found) > 1]
        if twice:
            problems.append(f'images of {split} would share one file in {to}: {listed(twice)}')
    if problems:
        raise DataError(problems)
    return Collection(collection.classes, splits)


def _write_whole(
    out: Path,
    collection: Collection,
    files: Mapping[str, list[Path]],
    writer: Writer,
    how: Conversion,
) -> None:
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f'.{out.name}-', dir=out.parent))
    try:
        fresh = scratch / 'new'
        fresh.mkdir()
        for name, text in writer.files(collection):
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding='utf-8', newline='\n')
        for split, pictures in collection.splits.items():
            for picture, path in zip(pictures, files[split], strict=True):
                target = fresh / writer.image_place(split, picture.name)
                target.parent.mkdir(parents=True, exist_ok=True)
                _put(path, target, how.images)
        require_same(fresh, collection, writer, formats()[how.to])
        if out.exists():
            out.rmdir()
        fresh.rename(out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _put(path: Path, target: Path, images: str) -> None:
    try:
        if images == 'copy':
            shutil.copyfile(path, target)
        else:
            os.link(os.path.realpath(path), target)
    except OSError as error:
        hint = '; --images copy copies instead' if images == 'link' else ''
        raise DataError(
            f'{path} cannot become {target}: {error.strerror or error}{hint}'
        ) from error

"""The splits of a folder in any format that is known here, or of a config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError, DataError, did_you_mean
from mmholdout.runner.data_present import reader_of
from mmholdout.runner.formats import formats
from mmholdout.runner.parts import Words, leaves

SPLITS = ('train', 'val', 'test')


def sources_of(
    place: Path, *, format_name: str | None = None, options: Sequence[str] = ()
) -> dict[str, list[Words]]:
    """Split -> words of its data sets, each with its classes.

    Args:
        place: a config (`*.py`) or a folder.
        format_name: of the folder; None looks for one.
        options: `--cfg-options` of a config.

    Raises:
        ConfigError: what is wrong with the config, or arguments that do not fit.
        DataError: no splits of a known format, or of several.
    """
    if place.suffix == '.py':
        if format_name:
            raise ConfigError(f'--from says what a folder holds, and {place} is a config')
        return _of_config(place, options)
    if options:
        raise ConfigError(f'--cfg-options are for a config, and {place} is a folder')
    return _of_folder(place, format_name)


def format_of(words: Words) -> str:
    """The name of the format that a data set reads; '' for another's data set."""
    reader = reader_of(words)
    return reader.format_name if reader else ''


def require_format(name: str) -> None:
    """Check that there is such a format.

    Raises:
        ConfigError: with those that are known.
    """
    known = formats()
    if name not in known:
        raise ConfigError(
            f'there is no format {name!r}; known: {", ".join(known)}.{did_you_mean(name, known)}'
        )


def _of_config(place: Path, options: Sequence[str]) -> dict[str, list[Words]]:
    loaded = load(place, list(options))
    words = translate(loaded.cfg)
    check(loaded, words)
    loaders = {split: words.get(f'{split}_dataloader') or {} for split in SPLITS}
    return {s: leaves(loader['dataset']) for s, loader in loaders.items() if loader.get('dataset')}


def _of_folder(folder: Path, name: str | None) -> dict[str, list[Words]]:
    if not folder.is_dir():
        raise DataError(f'{folder} is no folder and no config (*.py)')
    known = formats()
    if name is not None:
        require_format(name)
    tried = known if name is None else {name: known[name]}
    found = {one: reader.words_of_folder(folder) for one, reader in tried.items()}
    found = {one: splits for one, splits in found.items() if splits}
    if not found:
        raise DataError(
            f'{folder} holds no splits of {", ".join(tried)}. Looked for: VOC: Annotations/, '
            'JPEGImages/ and ImageSets/Main/{train,val,test}.txt, which `prepare_data.py split` '
            'draws; COCO: annotations/{train,val,test}.json, annotations/instances_train2017.json '
            'and its like, train/_annotations.coco.json; YOLO: data.yaml. For any other layout, '
            'write a config and give that'
        )
    if len(found) > 1:
        raise DataError(
            f'{folder} holds splits of several formats: {", ".join(found)}; say which with --from'
        )
    ((one, splits),) = found.items()
    classes = _classes([known[one].classes_of(words) for words in splits.values()])
    if not classes:
        raise DataError(f'{folder} names no classes: it has no objects')
    return {s: [words | {'metainfo': {'classes': classes}}] for s, words in splits.items()}


def _classes(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest list where it has all names, in its order; else all names, sorted."""
    longest = max(lists, key=len)
    names = {name for one in lists for name in one}
    return longest if names == set(longest) else tuple(sorted(names))


def classes_of(sources: Mapping[str, list[Words]]) -> tuple[str, ...]:
    """The classes of the first data set."""
    first = next(iter(sources.values()))[0]
    return tuple((first.get('metainfo') or {}).get('classes', ()))

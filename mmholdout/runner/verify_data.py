"""The images and annotations on disk against what the run has on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmholdout.errors import DataError, RunFolderError, UserError
from mmholdout.runner.annotation_files import annotation_files
from mmholdout.runner.data_present import reader_of
from mmholdout.runner.parts import Words, build_dataset, leaves
from mmholdout.runner.split_images import images_of_dataset, images_of_words
from mmholdout.runner.verify_subject import Subject
from mmholdout.splits.file_record import differences, digest_files, read_file_record
from mmholdout.splits.known_files import file_digests
from mmholdout.splits.listed import listed
from mmholdout.splits.record import read_splits

ELSEWHERE = 'the data are not there; say where with --data-root'


def verify_splits(subject: Subject) -> None:
    """splits.json agrees with itself, and the images on disk with it."""
    if not subject.has('splits.json'):
        subject.found.not_checked.append('splits and their images: no splits.json to rely on')
        return
    path = subject.folder / 'splits.json'
    try:
        record = read_splits(path)
    except RunFolderError as error:
        subject.changed.add(path.name)
        subject.found.problems += error.problems
        return
    sizes = ', '.join(f'{split} {one["num_images"]}' for split, one in record.items())
    subject.found.passed.append(f'splits.json: the ids of {sizes} match their digests')
    for split, one in record.items():
        with subject.step(f'images of {split}'):
            if 'files' not in one:
                raise DataError('splits.json has no digest of them')
            words = dataset_of(subject.words(), split)
            recorded = dict(zip(map(str, one['ids']), one['files'], strict=True))
            now = image_digests(words, list(recorded), split)
            _compare(subject, split, 'images', recorded, now)
            if split == 'test':
                _compare_list(subject, words, set(recorded))


def verify_annotations(subject: Subject, name: str = 'annotations.json') -> None:
    """The annotation files on disk are those that were read.

    Args:
        subject: the run.
        name: of the record; the one of a test is 'test_annotations.json'.
    """
    if not subject.has(name):
        subject.found.not_checked.append(f'annotations: no {name} to rely on')
        return
    try:
        record = read_file_record(subject.folder / name)
    except RunFolderError as error:
        subject.changed.add(name)
        subject.found.problems += error.problems
        return
    config = 'test_config.py' if name.startswith('test') else 'config.py'
    for split, recorded in record.items():
        with subject.step(f'annotations of {split}'):
            files = annotation_files(dataset_of(subject.words(config), split))
            now = digest_files(files)
            _compare(subject, split, 'annotations', recorded, now)


def image_digests(words: Words, ids: Sequence[str], split: str) -> dict[str, str]:
    """Image id -> digest of its file now; an id without a file is absent.

    Args:
        words: of the dataset.
        ids: on record. Where they are names of files they lead there, whatever the lists say now.
        split: where a data set that is not ours must be read for it, this is not done for 'test',
            whose labels come with it.

    Raises:
        DataError: the config does not say which images there are.
    """
    paths: Mapping[Any, Path | str]
    if all(map(reader_of, leaves(words))):
        paths = _of_ids(words, ids)
    else:
        images = images_of_words(words)
        if images.unseen and split != 'test':
            images = images_of_dataset(build_dataset(words), words)
        if images.unseen:
            raise DataError(images.unseen)
        paths = images.paths
    digests = file_digests(paths.values())
    return {str(i): digests[str(path)] for i, path in paths.items() if str(path) in digests}


def _of_ids(words: Words, ids: Sequence[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for leaf in leaves(words):
        if reader := reader_of(leaf):
            found = {**reader.files_of_ids(leaf, ids), **found}
    return found


def _compare(
    subject: Subject,
    split: str,
    what: str,
    recorded: Mapping[str, str],
    now: Mapping[str, str],
) -> None:
    if recorded and not recorded.keys() & now.keys():
        subject.suspect.add(split)
        raise DataError(ELSEWHERE)
    problems = [f'{what} of {split}: {sentence}' for sentence in differences(recorded, now)]
    if problems:
        subject.suspect.add(split)
    line = f'{what} of {split}: {len(recorded)} files on disk are what they were'
    subject.found.take(problems, line)


def _compare_list(subject: Subject, words: Words, recorded: set[str]) -> None:
    """Of a split that training does not open, and that has no other record of its list."""
    try:
        now = set(map(str, images_of_words(words).paths))
    except DataError as error:
        subject.found.problems += [f'the list of test: {problem}' for problem in error.problems]
        return
    differing = sorted(recorded ^ now)
    if differing:
        subject.found.problems.append(
            f'the list of test ({words.get("ann_file")}) is not that of splits.json: they differ '
            f'in {len(differing)} ids: {listed(differing)}'
        )


def dataset_of(words: Words, split: str) -> Words:
    """The words of a split's dataset; UserError where there is none."""
    dataset: Any = (words.get(f'{split}_dataloader') or {}).get('dataset')
    if not dataset:
        raise UserError(f'the config has no {split} split')
    return dict(dataset)

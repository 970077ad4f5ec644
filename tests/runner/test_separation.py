"""Splits that are not disjoint are refused, or said where the config allows them."""

import shutil

import cv2
import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.report.split_text import split_sentences
from mmholdout.runner.separation import compare_quickly, compare_splits, gather
from mmholdout.runner.split_images import SplitImages
from mmholdout.sample.scene import render
from mmholdout.splits import near_duplicates

pytestmark = pytest.mark.guarantee
ROOT = frozenset({'data'})


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))


@pytest.fixture(scope='session')
def pictures():
    return [render(np.random.default_rng([9, number])).image for number in range(9)]


@pytest.fixture
def splits(tmp_path, pictures):
    """Four, three and two different pictures: t0 to t3, v0 to v2, x0 and x1."""
    made, left = {}, iter(pictures)
    for split, count in (('train', 4), ('val', 3), ('test', 2)):
        mark = 'x' if split == 'test' else split[0]
        paths = {f'{mark}{n}': tmp_path / f'{mark}{n}.png' for n in range(count)}
        for path in paths.values():
            cv2.imwrite(str(path), next(left))
        made[split] = SplitImages(list(paths), paths, roots=ROOT)
    return made


@pytest.fixture
def alike(splits, pictures):
    """v1 is t1, re-encoded."""
    cv2.imwrite(str(splits['val'].paths['v1']), cv2.convertScaleAbs(pictures[1], alpha=1.1))
    return splits


def rules(**given):
    return {'splits': given}


def renamed(split, old, new):
    split.ids[split.ids.index(old)] = new
    split.paths[new] = split.paths.pop(old)


def same_id(splits):
    renamed(splits['test'], 'x1', 't2')


def same_file(splits):
    folder = splits['train'].paths['t2'].parent
    splits['test'].paths['x1'] = folder / '..' / folder.name / 't2.png'


def same_bytes(splits):
    shutil.copy(splits['train'].paths['t2'], splits['test'].paths['x1'])


def same_pixels(splits):
    image = cv2.imread(str(splits['train'].paths['t2']))
    cv2.imwrite(str(splits['test'].paths['x1']), image, [cv2.IMWRITE_PNG_COMPRESSION, 9])


OVERLAPS = {
    same_id: 'under the same id: t2',
    same_file: 'from the same file: t2 = x1',
    same_bytes: 'with the same bytes: t2 = x1',
    same_pixels: 'with the same decoded pixels: t2 = x1',
}


def test_clean_splits_are_one_short_line(splits):
    found = compare_splits(splits, {})
    (line,) = found.lines
    assert line == (
        'splits: train 4, val 3, test 2 images compared: none is shared, no near-duplicates'
    )
    assert found.ids == {s: one.ids for s, one in splits.items()}
    assert all(len(d) == 64 for files in found.files.values() for d in files)
    assert (found.record['near_duplicates'], found.record['shared'], found.pairs) == (0, [], ())
    assert split_sentences(found.record) == []


def test_candidates_that_were_left_out_are_for_the_log(splits, monkeypatch):
    """Where many pictures look alike to a hash, clean splits are still one line."""
    search = near_duplicates.PairSearch

    class Sparing(search):
        def __init__(self, digests, per_image, known):
            super().__init__(digests, per_image, known)
            self.unlikely.append('far away')
            self.notes += ['far away', 'said']

    monkeypatch.setattr(near_duplicates, 'PairSearch', Sparing)
    for _ in range(2):  # from the cache too
        found = compare_splits(splits, {})
        assert found.lines[1:] == ['splits: said']
        assert found.details == ['splits: far away']


@pytest.mark.parametrize('plant', OVERLAPS, ids=lambda f: f.__name__)
def test_each_kind_of_overlap_is_refused(splits, plant):
    plant(splits)
    with pytest.raises(DataError) as caught:
        compare_splits(splits, {})
    (problem,) = caught.value.problems
    assert problem.startswith(f"1 image of 'test' also in 'train' {OVERLAPS[plant]}. Remove")
    assert problem.endswith('splits = dict(allow_overlap=True): every report will say so')


@pytest.mark.parametrize('plant', OVERLAPS, ids=lambda f: f.__name__)
def test_overlap_that_is_allowed_is_said(splits, plant):
    plant(splits)
    found = compare_splits(splits, rules(allow_overlap=True))
    said = f"1 image of 'test' also in 'train' {OVERLAPS[plant]}."
    assert found.record['shared'] == [said]
    assert 'they overlap (allow_overlap=True)' in found.lines[0]
    assert found.lines[1] == f'splits: allow_overlap=True: {said}'
    assert split_sentences(found.record) == found.lines[1:]


def test_a_group_in_two_splits(splits):
    with pytest.raises(DataError) as caught:
        compare_splits(splits, rules(group=r'(\d)$'))
    assert len(caught.value.problems) == 3 + 2 + 2
    assert caught.value.problems[0].startswith("Group '0' is in both 'train' (t0) and 'val' (v0)")
    found = compare_splits(splits, rules(group=r'(\d)$', allow_overlap=True))
    assert len(found.record['shared']) == 7
    assert compare_splits(splits, rules(group='^(.)')).record['shared'] == []


def test_hundreds_of_shared_groups_are_shortened(tmp_path):
    names = [f'g{n}' for n in range(200)]
    both = {
        split: SplitImages(names, {f'{i}_{split}': tmp_path / f'{i}{split}' for i in names})
        for split in ('train', 'val')
    }
    with pytest.raises(DataError) as caught:
        compare_splits(both, rules(group=r'(g\d+)'))
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1].startswith('And 180 more overlaps. ')


def test_ids_without_a_group(splits):
    with pytest.raises(DataError, match='5 of 9 image ids have no group'):
        compare_splits(splits, rules(group='^(t)', allow_overlap=True))


def test_near_duplicates_are_listed(alike):
    found = compare_splits(alike, {})
    assert found.lines[0].endswith('compared: none is shared')
    assert found.lines[1].startswith('splits: 1 pair of near-duplicates across splits (1 altered')
    assert found.lines[2].startswith('  train t1 and val v1: altered copy (')
    assert [(p.first_id, p.second_id) for p in found.pairs] == [('t1', 'v1')]
    assert found.record['near_duplicates'] == 1


def test_near_duplicates_refuse_if_configured(alike):
    with pytest.raises(DataError) as caught:
        compare_splits(alike, rules(near_duplicates='refuse'), sheet_command='SHOW THEM')
    (problem,) = caught.value.problems
    assert problem.startswith("pairs of near-duplicates: 1, and splits.near_duplicates is 'refuse'")
    assert 'train t1 and val v1' in problem and problem.endswith('To see them all: SHOW THEM')


def test_everything_that_refuses_is_said_at_once(alike):
    same_bytes(alike)
    with pytest.raises(DataError) as caught:
        compare_splits(alike, rules(near_duplicates='refuse'))
    assert [p.split()[0] for p in caught.value.problems] == ['1', 'pairs']
    with pytest.raises(DataError) as caught:
        compare_splits(alike, rules(near_duplicates='refuse', allow_overlap=True))
    assert [p.split()[0] for p in caught.value.problems] == ['pairs']


def test_near_duplicates_that_are_not_looked_for_are_no_silence(alike):
    found = compare_splits(alike, rules(near_duplicates='off'))
    assert found.record['near_duplicates'] is None
    assert found.lines[1].startswith('splits: near-duplicates were not looked for')
    same_pixels(alike)
    with pytest.raises(DataError, match='same decoded pixels'):
        compare_splits(alike, rules(near_duplicates='off'))


def test_ids_that_are_no_names_are_not_compared(splits):
    """As of two COCO files that both count from 1."""
    numbered = {s: SplitImages([1], {1: next(iter(i.paths.values()))}) for s, i in splits.items()}
    assert compare_splits(numbered, {}).record['shared'] == []
    assert compare_quickly(numbered, {})[0].startswith('none is shared')


def test_what_is_not_compared_is_said(splits):
    splits['test'] = SplitImages(unseen='CocoDataset lists no ids here')
    found = compare_splits(splits, {})
    assert found.lines[1] == 'splits: test is not compared: CocoDataset lists no ids here'
    assert compare_quickly(splits, {})[1] == found.lines[1].removeprefix('splits: ')


def test_images_that_cannot_be_read_are_said(splits, tmp_path):
    splits['test'].paths['x1'] = tmp_path / 'elsewhere.png'
    found = compare_splits(splits, {})
    assert 'splits: 1 of 9 images could not be read' in found.lines[1]
    assert found.files['test'][1] == ''


class TestResume:
    def test_unchanged_images_are_not_compared_anew(self, alike, monkeypatch):
        before = compare_splits(alike, {})
        monkeypatch.setattr('mmholdout.runner.separation.find', None)
        again = compare_splits(alike, {}, earlier=before.record)
        assert (again.record, again.files, again.ids) == (before.record, before.files, before.ids)
        assert again.pairs is None
        assert again.lines == [
            'splits: train 4, val 3, test 2 images: unchanged since they were compared',
            before.lines[1],
        ]

    def test_a_changed_image_is_compared_and_said(self, splits):
        before = compare_splits(splits, {}).record
        same_bytes(splits)
        with pytest.raises(DataError, match='same bytes'):
            compare_splits(splits, {}, earlier=before)
        found = compare_splits(splits, rules(allow_overlap=True), earlier=before)
        assert found.lines[-1].startswith('splits: test is not what the run began with: 2 images')

    def test_a_rule_that_has_changed_is_followed(self, alike):
        before = compare_splits(alike, {}).record
        with pytest.raises(DataError, match='refuse'):
            compare_splits(alike, rules(near_duplicates='refuse'), earlier=before)
        off = compare_splits(alike, rules(near_duplicates='off')).record
        assert compare_splits(alike, {}, earlier=off).record['near_duplicates'] == 1

    def test_an_image_that_is_none_is_no_change(self, splits):
        splits['test'].paths['x1'].write_text('no image')
        before = compare_splits(splits, {}).record
        assert compare_splits(splits, {}, earlier=before).pairs is None

    def test_a_checkpoint_of_an_earlier_version(self, splits):
        assert compare_splits(splits, {}, earlier={}).pairs == ()


class TestQuickly:
    def test_no_image_is_decoded(self, splits, monkeypatch):
        monkeypatch.setattr(cv2, 'imdecode', None)
        (line,) = compare_quickly(splits, {})
        assert line == (
            'none is shared by id or bytes; at the start of training decoded pixels are '
            'compared, near-duplicates listed'
        )

    @pytest.mark.parametrize('plant', [same_id, same_bytes], ids=lambda f: f.__name__)
    def test_what_a_run_would_refuse(self, splits, plant):
        plant(splits)
        with pytest.raises(DataError, match='allow_overlap=True'):
            compare_quickly(splits, {})
        lines = compare_quickly(splits, rules(allow_overlap=True, near_duplicates='off'))
        assert lines[0].startswith('they overlap (allow_overlap=True)') and len(lines) == 2
        assert lines[0].endswith('near-duplicates not looked for')

    def test_groups(self, splits):
        with pytest.raises(DataError, match="Group '0' is in both"):
            compare_quickly(splits, rules(group=r'(\d)$'))


def test_train_and_val_as_they_were_read_and_the_list_of_test(tmp_path):
    class Dataset(list):
        def get_data_info(self, index):
            return {'img_id': self[index], 'img_path': f'{self[index]}.jpg'}

    (tmp_path / 'test.txt').write_text('x\ny\n')
    leaf = {'type': 'VOCDataset', 'data_root': str(tmp_path), 'ann_file': 'test.txt'}
    words = {f'{split}_dataloader': {'dataset': leaf} for split in ('train', 'val')}
    found = gather({'train': Dataset('ab'), 'val': Dataset('c')}, words, leaf)
    assert {split: one.ids for split, one in found.items()} == {
        'train': ['a', 'b'],
        'val': ['c'],
        'test': ['x', 'y'],
    }
    assert list(gather({'train': Dataset('a')}, words, None)) == ['train']


def test_the_cache_of_prepare_data_check_is_used(alike, tmp_path):
    compare_splits(alike, {})
    (cache,) = (tmp_path / 'cache').rglob('digests/*')
    report = near_duplicates.find({s: one.paths for s, one in alike.items()}, cache)
    assert report.computed == 0

import pytest

from mmholdout.runner.split_images import SplitImages
from mmholdout.runner.split_record import (
    changed_since,
    counts,
    digests_of_splits,
    files_of_splits,
    record_of,
    shortened,
    unseen,
    without_remedy,
)
from mmholdout.splits.duplicate_report import DuplicateReport, NearDuplicate
from mmholdout.splits.record import split_digest

IMAGES = {
    'train': SplitImages(['b', 'a'], {'b': 'b.jpg', 'a': 'a.jpg'}),
    'val': SplitImages(['c'], {'c': 'c.jpg'}, unseen='why'),
}
FILES = {'train': ['2' * 64, '1' * 64], 'val': ['']}
RULES = {'allow_overlap': True, 'near_duplicates': 'list', 'group': None}


@pytest.fixture
def report():
    pair = NearDuplicate('train', 'a', 'a.jpg', 'val', 'c', 'c.jpg', kind='altered copy')
    return DuplicateReport(
        errors=('1 image of both: a. Remove from one of the two splits.',),
        overlaps=(),
        pairs=(pair, pair),
        notes=(),
        images={},
        candidates=2,
        computed=0,
    )


def test_the_record(report):
    assert record_of(RULES, IMAGES, report, FILES) == {
        'allow_overlap': True,
        'near_duplicates': 2,
        'kinds': {'altered copy': 2},
        'shared': ['1 image of both: a.'],
        'unseen': ['val is not compared: why'],
        'images': {'train': 2, 'val': 1},
        'digests': {
            'train': split_digest('ab', {'a': '1' * 64, 'b': '2' * 64}),
            'val': split_digest('c', {'c': ''}),
        },
        'rules': RULES,
    }


def test_none_looked_for_is_not_none_found(report):
    record = record_of(RULES | {'near_duplicates': 'off'}, IMAGES, report, FILES)
    assert record['near_duplicates'] is None


def test_files_are_in_the_order_of_the_ids():
    known = {'a.jpg': '1' * 64, 'b.jpg': '2' * 64}
    assert files_of_splits(IMAGES, known) == FILES


def test_other_bytes_or_ids_are_another_digest():
    digests = digests_of_splits(IMAGES, FILES)
    assert digests_of_splits(IMAGES, FILES | {'val': ['3' * 64]})['val'] != digests['val']
    swapped = FILES | {'train': FILES['train'][::-1]}
    assert digests_of_splits(IMAGES, swapped)['train'] != digests['train']


def test_what_has_changed_is_named():
    before = {'digests': {'train': 'x', 'val': 'y'}, 'images': {'train': 2, 'val': 1}}
    now = {'digests': {'train': 'x', 'val': 'z', 'test': 't'}, 'images': {'val': 4, 'test': 3}}
    assert changed_since({}, now) == changed_since(before, before) == []
    assert [line.split(',')[0] for line in changed_since(before, now)] == [
        'splits: test is not what the run began with: 0 images then',
        'splits: val is not what the run began with: 1 images then',
    ]
    assert '4 now' in changed_since(before, now)[1]


def test_words():
    assert counts(IMAGES) == 'train 2, val 1 images'
    assert unseen({'train': IMAGES['train']}) == []
    assert shortened([str(n) for n in range(20)]) == [str(n) for n in range(20)]
    assert shortened([str(n) for n in range(22)])[19:] == ['19', 'And 2 more overlaps.']
    assert without_remedy('x. Remove from one of the two splits.') == 'x.'

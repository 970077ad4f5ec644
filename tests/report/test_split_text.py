import pytest

from mmholdout.report.split_text import split_sentences

CLEAN = {'allow_overlap': False, 'near_duplicates': 0, 'kinds': {}, 'shared': [], 'unseen': []}


@pytest.mark.parametrize('record', [None, {}, CLEAN])
def test_of_clean_splits_nothing_is_said(record):
    assert split_sentences(record) == []


@pytest.mark.guarantee
def test_overlap_that_was_allowed_is_said():
    shared = ["2 images of 'val' also in 'train'.", "Group 'a' is in both."]
    assert split_sentences(CLEAN | {'allow_overlap': True, 'shared': shared}) == [
        "splits: allow_overlap=True: 2 images of 'val' also in 'train'.",
        "splits: allow_overlap=True: Group 'a' is in both.",
    ]
    (line,) = split_sentences(CLEAN | {'allow_overlap': True})
    assert line == 'splits: allow_overlap=True: no image or group is shared'


def test_near_duplicates_are_counted_by_kind():
    found = {'near_duplicates': 3, 'kinds': {'altered copy': 1, 'overlapping view': 2}}
    assert split_sentences(CLEAN | found) == [
        'splits: 3 pairs of near-duplicates across splits (1 altered copy, 2 overlapping view)'
    ]
    one = {'near_duplicates': 1, 'kinds': {'altered copy': 1}}
    assert '1 pair of' in split_sentences(CLEAN | one)[0]


def test_what_was_not_looked_at_is_said():
    assert split_sentences(
        CLEAN | {'near_duplicates': None, 'unseen': ['test is not compared']}
    ) == [
        "splits: near-duplicates were not looked for (splits.near_duplicates='off')",
        'splits: test is not compared',
    ]

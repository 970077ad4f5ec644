import pytest

from mmholdout.datasets.voc_report import VOCReport
from mmholdout.errors import DataError


def test_nothing_to_say():
    report = VOCReport('train.txt')
    report.raise_problems(strict=True)
    assert report.text() == '' and report.counts == {}


def test_kinds_are_counted_together_and_cut():
    report = VOCReport('train.txt')
    for n in range(5):
        report.notice('small box', f'{n}.xml')
    report.notice('odd size', 'a.xml')
    report.fact('images without objects: 2')
    assert report.text().splitlines() == [
        'train.txt:',
        '  5 x small box: 0.xml; 1.xml; 2.xml; and 2 more',
        '  1 x odd size: a.xml',
        '  images without objects: 2',
    ]
    assert report.counts == {'small box': 5, 'odd size': 1}


def test_problems_are_raised_at_once():
    report = VOCReport('train.txt')
    report.problem('no image', *(f'i{n}' for n in range(12)))
    report.problem('unknown class')
    report.notice('small box', 'a.xml')
    with pytest.raises(DataError) as caught:
        report.raise_problems()
    assert len(caught.value.problems) == 2
    assert caught.value.problems[0].startswith('train.txt: 12 x no image: i0; i1')
    assert caught.value.problems[0].endswith('i9; and 2 more')
    assert caught.value.problems[1] == 'train.txt: unknown class'


def test_strict_makes_notices_problems_but_not_facts():
    report = VOCReport('train.txt')
    report.fact('images without objects: 2')
    report.raise_problems(strict=True)
    report.notice('small box', 'a.xml')
    report.raise_problems()
    with pytest.raises(DataError, match=r'small box \(strict=True\): a\.xml'):
        report.raise_problems(strict=True)


def test_every_example_can_be_had():
    report = VOCReport('train.txt')
    report.problem('no image', *'abcdefghijklm')
    report.problem('unknown class')
    report.notice('small box', *'abcde')
    report.notice('no such thing')  # nothing found is nothing told
    report.fact('a fact')
    assert report.problems == {'no image': list('abcdefghijklm'), 'unknown class': []}
    assert report.notices == {'small box': list('abcde')}
    assert report.facts == ['a fact'] and report.counts == {'small box': 5}

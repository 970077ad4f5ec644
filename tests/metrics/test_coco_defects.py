from pathlib import Path

from mmholdout.metrics.coco_defects import Defects, shown


def test_one_sentence_per_kind_with_the_number_of_such():
    defects = Defects(Path('gt.json'))
    assert not defects
    defects.add('b', 'annotation 1 has no box')
    defects.add('a', 'image 3 is there twice')
    defects.add('b', 'annotation 2 has no box')
    assert defects
    assert defects.sentences() == [
        'gt.json: annotation 1 has no box (2 such)',
        'gt.json: image 3 is there twice',
    ]


def test_values_stay_short_and_inert():
    assert shown('x' * 1000) == repr('x' * 1000)[:28] + '...' + repr('x' * 1000)[-29:]
    assert len(shown([['y' * 500] * 50] * 50)) == 100
    assert len(shown({'k' * 500: ['y' * 500] * 50})) <= 100
    assert '\n' not in shown('two\nlines')

import pytest

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.image_header import ImageHeader
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_samples import VOCSamples
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject


@pytest.fixture
def maker():
    lookup = ClassLookup({'classes': ('red', 'white')}, {'rde': 'red'}, ['dust'])
    return VOCSamples(lookup, VOCReport('train.txt'))


def make(maker, *objects, size=(64, 48), header=(64, 48)):
    made = tuple(VOCObject(name, box, difficult=False) for name, box in objects)
    return maker.make('Annotations/a.xml', ImageHeader(*header), VOCAnnotation(made, size))


def test_a_sample(maker):
    sample = make(maker, ('rde', (11, 6, 30, 25)), ('dust', (1, 1, 2, 2)))
    assert sample == {
        'height': 48,
        'width': 64,
        'instances': [{'bbox': [10, 5, 30, 25], 'bbox_label': 0, 'ignore_flag': 0}],
    }
    assert maker.report.text() == ''


def test_a_box_three_times_is_told_twice_and_kept(maker):
    box = (11, 6, 30, 25)
    sample = make(maker, ('red', box), ('red', box), ('white', box))
    assert len(sample['instances']) == 3
    assert maker.report.notices == {
        'the same box twice, kept': ["Annotations/a.xml object 2 'red' (11, 6, 30, 25)"],
        'one box under two classes, kept': ["Annotations/a.xml object 3 'white' (11, 6, 30, 25)"],
    }


def test_the_size_of_the_image_counts(maker):
    sample = make(maker, ('red', (11, 6, 300, 250)), size=(640, 480))
    assert (sample['width'], sample['height']) == (64, 48)
    assert sample['instances'][0]['bbox'] == [10, 5, 64, 48]
    assert len(maker.report.notices) == 2


def test_facts_of_the_whole_split(maker):
    samples = [make(maker, ('dust', (1, 1, 9, 9)), ('whiet', (1, 1, 9, 9)), size=None)]
    maker.say_facts(samples)
    assert maker.report.facts == [
        "objects of class 'dust', left out (ignore_classes): 1",
        'annotations without a usable <size>, taken from the image: 1',
        'classes without an object: red, white',
    ]
    [unknown] = maker.report.problems
    assert "Did you mean 'white'?" in unknown

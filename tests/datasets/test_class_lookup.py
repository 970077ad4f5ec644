import pytest

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.errors import ConfigError

KNOWN = {'classes': ('RBC', 'WBC', 'Platelets')}


def test_labels_aliases_and_ignored():
    lookup = ClassLookup(KNOWN, {'Platetlets': 'Platelets'}, ['dust'])
    names = ('RBC', 'Platelets', 'Platetlets', 'dust', 'dust')
    assert [lookup.label(n, 'a.xml') for n in names] == [0, 2, 2, None, None]
    assert lookup.ignored == {'dust': 2}
    assert lookup.unknown() == ''


def test_unknown_names_are_told_at_once_with_the_remedies():
    lookup = ClassLookup(KNOWN, {}, ())
    for name, file in (('Platetlets', 'b.xml'), ('bg', 'c.xml'), ('Platetlets', 'd.xml')):
        assert lookup.label(name, file) is None
    text = lookup.unknown()
    assert "'Platetlets': 2 objects, first in b.xml. Did you mean 'Platelets'?" in text
    assert "'bg': 1 objects, first in c.xml." in text
    assert 'RBC, WBC, Platelets' in text
    assert 'class_aliases=' in text and 'ignore_classes=' in text


def test_capitals_count():
    lookup = ClassLookup(KNOWN, {}, ())
    assert lookup.label('rbc', 'a.xml') is None
    assert "Did you mean 'RBC'?" in lookup.unknown()


@pytest.mark.parametrize(
    ('metainfo', 'aliases', 'ignored', 'words'),
    [
        (None, {}, (), 'names no classes'),
        ({}, {}, (), 'names no classes'),
        ({'CLASSES': ('a',)}, {}, (), 'names no classes'),
        ({'classes': ()}, {}, (), 'are empty'),
        ({'classes': 'RBC'}, {}, (), "('RBC',)"),
        ({'classes': ('a', 3)}, {}, (), 'names'),
        ({'classes': ('a', 'b', 'a')}, {}, (), "'a' twice"),
        (KNOWN, {'x': 'Platelet'}, (), "Did you mean 'Platelets'?"),
        (KNOWN, {'RBC': 'WBC'}, (), 'a class itself'),
        (KNOWN, {}, ('RBC',), 'a class too'),
        (KNOWN, {'x': 'RBC'}, ('x',), 'in class_aliases too'),
        (KNOWN, {}, 'dust', "('dust',)"),
    ],
)
def test_contradictions(metainfo, aliases, ignored, words):
    with pytest.raises(ConfigError) as caught:
        ClassLookup(metainfo, aliases, ignored)
    assert words in str(caught.value)

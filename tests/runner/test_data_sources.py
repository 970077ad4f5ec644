import shutil

import pytest

from mmholdout.errors import ConfigError, DataError
from mmholdout.runner.data_sources import classes_of, format_of, require_format, sources_of


def test_a_folder(small_sample):
    sources = sources_of(small_sample)
    assert list(sources) == ['train', 'val', 'test']
    assert classes_of(sources) == ('battery', 'nut', 'screw', 'washer')
    assert {format_of(words) for found in sources.values() for words in found} == {'voc'}


def test_a_config(small_config, small_sample):
    sources = sources_of(small_config(), options=['train_cfg.max_epochs=1'])
    assert list(sources) == ['train', 'val', 'test']
    assert classes_of(sources) == ('screw', 'nut', 'washer', 'battery')
    assert sources['val'][0]['data_root'] == str(small_sample)


def test_classes_in_an_order_of_their_own(small_sample, tmp_path):
    folder = tmp_path / 'voc'
    shutil.copytree(small_sample, folder)
    (folder / 'classes.txt').write_text('washer\nnut 1\nscrew\n\nbattery\n')
    assert classes_of(sources_of(folder)) == ('washer', 'nut 1', 'screw', 'battery')


@pytest.mark.parametrize(
    ('lists', 'found'),
    [
        ([('b', 'a'), ('b',)], ('b', 'a')),
        ([('a',), ('b',)], ('a', 'b')),
        ([('b', 'c'), ('a',)], ('a', 'b', 'c')),
    ],
)
def test_classes_of_several_splits(lists, found):
    from mmholdout.runner.data_sources import _classes

    assert _classes(lists) == found


def test_what_does_not_fit(small_config, small_sample, tmp_path):
    cases = [
        ((tmp_path / 'none',), {}, 'no folder and no config'),
        ((tmp_path,), {}, 'holds no splits of'),
        ((small_sample,), {'format_name': 'coco'}, 'holds no splits of coco'),
        ((small_sample,), {'format_name': 'cocoo'}, "no format 'cocoo'; known: "),
        ((small_sample,), {'options': ['a=1']}, 'is a folder'),
        ((small_config(),), {'format_name': 'voc'}, 'is a config'),
    ]
    for given, words, said in cases:
        with pytest.raises((ConfigError, DataError)) as caught:
            sources_of(*given, **words)
        assert said in str(caught.value)


def test_several_formats_in_one_folder(small_sample, tmp_path):
    folder = tmp_path / 'both'
    shutil.copytree(small_sample, folder)
    (folder / 'data.yaml').write_text('names: [a]\ntrain: JPEGImages\n')
    with pytest.raises(DataError, match=r'several formats: .*; say which with --from'):
        sources_of(folder)
    assert format_of(sources_of(folder, format_name='yolo')['train'][0]) == 'yolo'


def test_names_of_formats():
    require_format('coco')
    with pytest.raises(ConfigError, match=r"Did you mean 'yolo'\?"):
        require_format('yolov')
    assert format_of({'type': 'CocoDataset'}) == ''

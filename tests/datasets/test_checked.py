import pytest

from mmholdout.datasets.checked import CheckedDataset
from mmholdout.errors import ConfigError


def test_what_a_format_must_answer():
    asked = {
        'places_of', 'listed', 'label_files', 'words_of_folder', 'classes_of', 'read_samples',
    }  # fmt: skip
    assert {
        n
        for n in vars(CheckedDataset)
        if getattr(vars(CheckedDataset)[n], '__isabstractmethod__', 0)
    } == asked


def test_messages_name_the_class_of_the_config(voc):
    from mmholdout.datasets.coco import COCODataset

    def problem(**words):
        with pytest.raises(ConfigError) as caught:
            COCODataset(ann_file='a.json', metainfo={'classes': ('a',)}, lazy_init=True, **words)
        return str(caught.value)

    assert "data_prefix of COCODataset has no 'imgs'; known: img. Did you mean 'img'?" in problem(
        data_prefix={'imgs': 'x'}
    )
    assert "corrupt of COCODataset must be 'error' or 'skip'" in problem(corrupt='no')
    assert 'COCODataset reads from disk' in problem(backend_args={})
    assert 'must be a text' in problem(data_prefix={'img': 3})


def test_ids_that_are_no_names_by_default(voc):
    assert CheckedDataset.ids_below({}) is None


def test_files_of_ids_are_those_listed_and_there(tmp_path):
    class One(CheckedDataset):
        @classmethod
        def listed(cls, words):
            yield 7, tmp_path / 'a', True
            yield 8, tmp_path / 'b', False
            yield 'x', tmp_path / 'c', True

    assert One.files_of_ids({}, ['7', '8']) == {'7': tmp_path / 'a'}

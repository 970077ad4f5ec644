from mmholdout.datasets.checked import CheckedDataset
from mmholdout.registry import DATASETS
from mmholdout.runner.formats import formats


def test_one_table_made_of_the_registry(monkeypatch):
    assert {name: one.__name__ for name, one in formats().items()} == {
        'coco': 'COCODataset',
        'voc': 'VOCDataset',
        'yolo': 'YOLODataset',
    }
    monkeypatch.setattr(DATASETS, '_module_dict', dict(DATASETS.module_dict))

    @DATASETS.register_module()
    class Own(CheckedDataset):
        format_name = 'own'

    @DATASETS.register_module()
    class LikeOwn(Own):
        """Another data set of a format that is there is no format."""

    assert formats()['own'] is Own


def test_every_format_can_be_written_and_says_where_its_ids_are():
    for one in formats().values():
        assert one.writer is not None and one.not_kept is not None

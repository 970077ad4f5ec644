import pytest

from mmholdout.errors import DataError
from mmholdout.runner.convert import Conversion, convert
from mmholdout.runner.data_stats import data_stats


def test_a_folder_and_a_config_say_the_same(small_sample, small_config):
    folder, config = data_stats(small_sample), data_stats(small_config())
    assert folder.classes == ('battery', 'nut', 'screw', 'washer')
    assert config.classes == ('screw', 'nut', 'washer', 'battery')
    for split, count in (('train', 24), ('val', 10), ('test', 8)):
        one, other = folder.splits[split], config.splits[split]
        assert one.sizes.shape == (count, 2) and (one.bboxes == other.bboxes).all()
        names = [
            [found.classes[i] for i in found.splits[split].labels] for found in (folder, config)
        ]
        assert names[0] == names[1]
        assert one.per_image.sum() == len(one.labels) and one.owners.max() < count
    assert folder.splits['train'].ignored.any() and folder.reports


def test_every_format(small_sample, tmp_path):
    before = data_stats(small_sample)
    convert(small_sample, tmp_path / 'yolo', Conversion('yolo'))
    after = data_stats(tmp_path / 'yolo')
    for split, one in before.splits.items():
        assert (after.splits[split].bboxes == one.bboxes).all()


def test_missing_data(small_config):
    with pytest.raises(DataError, match='is no folder'):
        data_stats(small_config(), options=['data_root=nowhere'])

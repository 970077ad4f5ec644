import numpy as np
import pytest
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.monitors import resolved_monitors
from mmholdout.config.translate import translate
from mmholdout.errors import DataError
from mmholdout.registry import METRICS
from mmholdout.runner.parts import build_dataset
from mmholdout.runner.separation import compare_quickly, gather
from mmholdout.sample.write import write_sample

CLASSES = ('screw', 'nut', 'washer', 'battery')


@pytest.fixture(scope='module')
def data(tmp_path_factory):
    from projects.csv_dataset.from_voc import write_boxes

    root = tmp_path_factory.mktemp('csv') / 'data'
    write_sample(root, train=6, val=4, test=4)
    write_boxes(root)
    return root


@pytest.fixture
def words(request, data):
    loaded = load(request.path.parent / 'configs' / 'csv_sample.py', [f'data_root={data}'])
    words = translate(loaded.cfg)
    check(loaded, words)  # imports data set and metric
    return words


def test_the_same_objects_as_in_the_annotations(words, data):
    dataset = build_dataset(words['train_dataloader']['dataset'])
    voc = build_dataset(
        {
            'type': 'VOCDataset',
            'data_root': str(data),
            'ann_file': 'ImageSets/Main/train.txt',
            'metainfo': {'classes': CLASSES},
        }
    )
    assert len(dataset) == len(voc) == 6
    for index in range(6):
        own, other = dataset.get_data_info(index), voc.get_data_info(index)
        for key in ('img_id', 'img_path', 'width', 'height'):
            assert own[key] == other[key]
        boxes = [[one['bbox'] for one in info['instances']] for info in (own, other)]
        assert np.array(boxes[0]) == pytest.approx(np.array(boxes[1]))
        for key in ('bbox_label', 'ignore_flag'):
            values = [[one[key] for one in info['instances']] for info in (own, other)]
            assert values[0] == values[1]
    assert dataset[0]['inputs'].shape == (3, 160, 160)


def test_all_that_is_wrong_is_said_at_once(words, data, tmp_path):
    from projects.csv_dataset.csv_dataset import read_boxes

    path = tmp_path / 'boxes.csv'
    path.write_text(
        'image,class,x1,y1,x2,y2\na,nut,1,2,3,4\na,nuts,1,2,3,4\na,nut,x,2,3,4\na,nut,3,2,3,4\n'
    )
    problems = []
    found = read_boxes(path, {'nut': 0}, problems)
    assert found['a'] == [{'bbox': [1, 2, 3, 4], 'bbox_label': 0, 'ignore_flag': 0}]
    assert len(problems) == 3 and "line 3: unknown class 'nuts'; known: nut" in problems[0]
    path.write_text('image,class\n')
    with pytest.raises(DataError, match='lacks the columns x1, y1, x2, y2'):
        read_boxes(path, {'nut': 0}, problems)
    words['val_dataloader']['dataset']['csv_file'] = 'no.csv'
    with pytest.raises(DataError, match=r'no\.csv cannot be read'):
        build_dataset(words['val_dataloader']['dataset'])


def test_its_splits_are_compared_without_a_label_of_test(words, data):
    datasets = {s: build_dataset(words[f'{s}_dataloader']['dataset']) for s in ('train', 'val')}
    test = words['test_dataloader']['dataset'] | {'csv_file': 'not there.csv'}
    assert compare_quickly(gather(datasets, words, test), words)[0].startswith('none is shared')
    test['ann_file'] = 'ImageSets/Main/val.txt'
    with pytest.raises(DataError, match="4 images of 'val' also in 'test'"):
        compare_quickly(gather(datasets, words, test), words)


def test_the_metric_can_be_monitored(words):
    monitors = resolved_monitors(words, words)
    assert monitors['evaluation.save_best'] == ('val/count_error', 'min')
    assert monitors['custom_hooks.0.monitor'] == ('val/count_error', 'min')


def test_counts(words):
    """Two objects and one above the threshold, none and none: off by 1 and by 0."""
    metric = METRICS.build(words['val_evaluator'][1])
    infos = [
        {'img_id': 'a', 'instances': [thing([0, 0, 9, 9]), thing([0, 0, 9, 9])]},
        {'img_id': 'b', 'instances': [thing([0, 0, 9, 9], ignore=1)]},
    ]
    metric.begin(Dataset(infos))
    metric.process(None, [sample('a', [0.9, 0.39]), sample('b', [])])
    assert metric.compute() == {'count_error': 0.5, 'count_exact': 0.5}
    assert set(metric.compute()) == set(metric.declared_keys())


class Dataset(list):
    metainfo = {'classes': CLASSES}

    def get_data_info(self, index):
        return self[index]


def thing(box, ignore=0):
    return {'bbox': box, 'bbox_label': 0, 'ignore_flag': ignore}


def sample(img_id, scores):
    found = InstanceData(
        bboxes=np.tile([0.0, 0.0, 9.0, 9.0], (len(scores), 1)).reshape(-1, 4),
        scores=np.array(scores),
        labels=np.zeros(len(scores), dtype=np.int64),
    )
    return DetDataSample(metainfo={'img_id': img_id}, pred_instances=found)

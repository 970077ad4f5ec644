import pytest

from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError, DataError
from mmholdout.models.prior_shapes import prior_rule
from mmholdout.priors.coverage import coverage
from mmholdout.registry import MODELS
from mmholdout.runner.parts import build_dataset
from mmholdout.runner.prior_boxes import training_boxes
from mmholdout.runner.prior_fit import prior_lines, propose_priors

COARSE = """
model = dict(bbox_head=dict(anchor_generator=dict(min_sizes=[40, 50, 60], max_sizes=[50, 60, 64])))
"""
YOLO = """
model = dict(
    _delete_=True,
    type='YOLOV3',
    data_preprocessor=dict(type='DetDataPreprocessor'),
    backbone=dict(type='PlainConvNet', channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1)),
    neck=dict(type='YOLOV3Neck', num_scales=3, in_channels=[16] * 3, out_channels=[16] * 3),
    bbox_head=dict(
        type='YOLOV3Head',
        num_classes=4,
        in_channels=[16] * 3,
        out_channels=[16] * 3,
        anchor_generator=dict(
            type='YOLOAnchorGenerator',
            base_sizes=[[(60, 60)] * 3, [(50, 50)] * 3, [(40, 40)] * 3],
            strides=[32, 16, 8],
        ),
        featmap_strides=[32, 16, 8],
    ),
    train_cfg=dict(
        assigner=dict(type='GridAssigner', pos_iou_thr=0.5, neg_iou_thr=0.5, min_pos_iou=0)
    ),
)
"""
RETINA = """
model = dict(
    bbox_head=dict(
        _delete_=True,
        type='RetinaHead',
        num_classes=4,
        in_channels=16,
        anchor_generator=dict(
            type='AnchorGenerator',
            octave_base_scale=6,
            scales_per_octave=2,
            ratios=[0.9, 1.0, 1.1],
            strides=[8, 16, 32],
        ),
    ),
)
"""
DEFAULT = """
model = dict(bbox_head=dict(_delete_=True, type='RetinaHead', num_classes=4, in_channels=16))
"""
POINTS = """
model = dict(bbox_head=dict(_delete_=True, type='FCOSHead', num_classes=4, in_channels=16))
"""


@pytest.fixture
def read(small_config):
    """Words and training set of the small config with some lines more."""
    return lambda extra: _read(small_config(extra))


@pytest.fixture
def child(small_config):
    """The same of a child of that config which holds nothing but a pasted block."""

    def of(extra, block):
        base = small_config(extra)
        path = base.with_name('child.py')
        path.write_text(f"_base_ = './{base.name}'\n{block}")
        return _read(path)

    return of


def _read(path):
    words = translate(load(str(path), []).cfg)
    return words, build_dataset(words['train_dataloader']['dataset'])


def test_table_and_warnings(read):
    table, warnings = prior_lines(*read(COARSE))
    lines = table.splitlines()
    assert lines[0].startswith('share of training boxes whose best prior has IoU >= 0.5 (MaxIoU')
    assert 'at 64 x 64 px' in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ['class', 'screw', 'nut', 'washer', 'battery']
    shares = {line.split()[0]: int(line.split()[1]) for line in lines[2:]}
    low = [name for name, share in shares.items() if share < 80]
    assert low and [text.split(':')[0] for text in warnings] == low


@pytest.mark.parametrize(
    ('extra', 'said'),
    [
        (POINTS, 'not applicable: FCOSHead'),
        ("model = dict(train_cfg=dict(assigner=dict(_delete_=True, type='ATSSAssigner', topk=9)))",
         'not applicable: ATSSAssigner'),
        ("small[2] = dict(type='RandomCrop', crop_size=(32, 32))\n"
         'val_dataloader = dict(dataset=dict(pipeline=small))', 'not computed: the val pipeline'),
    ],
)  # fmt: skip
def test_one_line_where_there_is_no_number(read, extra, said):
    table, warnings = prior_lines(*read(extra))
    assert table.startswith(said) and '\n' not in table
    assert warnings == []


@pytest.mark.parametrize(
    'extra', [COARSE, YOLO, RETINA, DEFAULT], ids=['ssd', 'yolo', 'retina', 'default']
)
def test_the_pasted_block_builds_and_covers_what_is_claimed(read, child, extra):
    words, dataset = read(extra)
    proposal = propose_priors(words, dataset)
    assert proposal.block and proposal.text.endswith(proposal.block)
    pasted, dataset = child(extra, proposal.block)
    rule = prior_rule(pasted['model'])
    pipeline = pasted['val_dataloader']['dataset']['pipeline']
    boxes = training_boxes(dataset, pipeline, pasted['model'])
    assert coverage(boxes, rule.levels, rule.threshold) == proposal.after
    head = MODELS.build({**pasted['model']['bbox_head'], 'train_cfg': None, 'test_cfg': None})
    assert [len(level.base) for level in rule.levels] == head.prior_generator.num_base_priors
    before, after = ([f.share for f in fits] for fits in (proposal.before, proposal.after))
    assert sum(after) > sum(before) + 0.1


def test_nothing_better_is_said(read, child):
    proposal = propose_priors(*read(COARSE))
    again = propose_priors(*child(COARSE, proposal.block))
    assert again.block == '' and 'Paste' not in again.text
    all_fit = all(fit.fits for fit in again.before)
    assert ('Your priors already fit' if all_fit else 'Nothing clearly better') in again.text


def test_a_detector_without_priors_is_an_error(read):
    with pytest.raises(ConfigError, match='FCOSHead has no prior boxes'):
        propose_priors(*read(POINTS))


def test_a_split_without_boxes_is_an_error(read, monkeypatch):
    words, dataset = read(COARSE)
    info = dataset.get_data_info
    monkeypatch.setattr(dataset, 'get_data_info', lambda i: {**info(i), 'instances': []})
    table, warnings = prior_lines(words, dataset)
    assert 'at no image' in table and warnings == []
    with pytest.raises(DataError, match='no boxes'):
        propose_priors(words, dataset)


def test_wrong_arguments_of_the_generator_are_the_users(read):
    with pytest.raises(ConfigError, match='the priors of the model cannot be built'):
        prior_lines(*read('model = dict(bbox_head=dict(anchor_generator=dict(min_sizes=[8])))'))

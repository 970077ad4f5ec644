from __future__ import annotations

import json
from pathlib import Path

import pytest

import mmholdout.metrics.coco_official as coco_official
from mmholdout.cli.evaluate import main, parser


@pytest.fixture
def paths(tmp_path):
    def write(found=None, name='bolt', **changes):
        truth = {
            'images': [{'id': 1}, {'id': 2}],
            'categories': [{'id': 1, 'name': name}],
            'annotations': [
                {'id': 0, 'image_id': 1, 'category_id': 1, 'bbox': [0, 0, 9, 9], 'area': 81}
            ],
            **changes,
        }
        for kind, content in (('p', [one()] if found is None else found), ('g', truth)):
            (tmp_path / f'{kind}.json').write_text(json.dumps(content))
        return [str(tmp_path / 'p.json'), str(tmp_path / 'g.json')]

    return write


def one(**changes):
    return {'image_id': 1, 'category_id': 1, 'bbox': [0, 0, 9, 9], 'score': 0.5} | changes


def test_arguments():
    args = parser().parse_args(['p', 'g', '--iou-thr', '0.7'])
    assert (str(args.predictions), args.iou_thr, args.backend) == ('p', 0.7, 'mmholdout')
    with pytest.raises(SystemExit):
        parser().parse_args(['p', 'g', '--backend', 'other'])


def test_tables(paths, capsys):
    assert main(paths()) == 0
    out = capsys.readouterr().out
    assert out.startswith('2 images, 1 objects (0 crowds), 1 classes, 1 detections; 1 images w')
    assert 'note: an annotation has id 0' in out
    assert 'VOC mAP@0.5: 1.000 by area, 1.000 by 11 points' in out
    assert 'at score 0.5 and above: precision 1.000, recall 1.000, F1 1.000' in out
    assert 'bolt' in out and out.count('0.50:0.95') == 10


def test_errors_and_sizes(paths, capsys):
    assert main([*paths(), '--sides', '16', '64']) == 0
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line.startswith('miss ')]
    assert 'Confusion at score' in out and 'calibration error (ECE)' in out
    assert [line.split()[0] for line in out.splitlines() if line[:2] in {'0-', '16', '64'}] == [
        '0-16',
        '16-64',
        '64+',
    ]


def test_impossible_sides_are_told_before_the_files_are_read(capsys):
    assert main(['no.json', 'no.json', '--sides', '64', '16']) == 2
    assert 'sides is [64.0, 16.0]' in capsys.readouterr().err


def test_nothing_detected(paths, capsys):
    assert main(paths([])) == 0
    out = capsys.readouterr().out
    assert 'VOC mAP@0.5: 0.000 by area' in out and 'at score 0' not in out
    assert 'Confusion' not in out  # there is no threshold


def test_out_holds_the_keys_without_a_prefix(paths, tmp_path):
    out = tmp_path / 'o.json'
    assert main([*paths(), '--out', str(out), '--iou-thr', '0.7', '--legacy-pixel']) == 0
    values = json.loads(out.read_text())
    about = values.pop('about')
    assert about['iou_thr'] == 0.7 and about['legacy_pixel'] is True and about['images'] == 2
    assert 'id 0' in about['notes'][0]
    confusion = values.pop('confusion')
    assert confusion['classes'][-1] == 'background'
    assert len(confusion['counts']) == len(confusion['counts'][0]) == len(confusion['classes'])
    assert confusion['counts'][0][0] == 1 and sum(map(sum, confusion['counts'])) == 1
    assert values['mAP'] == 1 and values['coco_AP'] == values['coco_AP/bolt'] == pytest.approx(1)
    assert all(isinstance(value, float) for value in values.values())
    assert not any(key.startswith(('val/', 'test/', 'pycocotools')) for key in values)


def test_nothing_is_replaced_unasked(paths, tmp_path, capsys):
    out = tmp_path / 'o.json'
    out.write_text('mine')
    assert main([*paths(), '--out', str(out)]) == 2
    assert '--force' in capsys.readouterr().err and out.read_text() == 'mine'
    assert main([*paths(), '--out', str(out), '--force']) == 0
    assert json.loads(out.read_text())['mAP'] == 1


@pytest.mark.parametrize('place', [0, 1])
def test_an_input_is_never_replaced(paths, capsys, place):
    both = paths()
    before = [Path(path).read_text() for path in both]
    assert main([*both, '--out', both[place], '--force']) == 2
    assert 'it would be lost' in capsys.readouterr().err
    assert [Path(path).read_text() for path in both] == before


def test_out_without_a_folder(paths, tmp_path, capsys):
    for out in (tmp_path, tmp_path / 'none' / 'o.json'):
        assert main([*paths(), '--out', str(out)]) == 2
        assert 'cannot be written' in capsys.readouterr().err


def test_a_full_disk(paths, tmp_path, capsys, monkeypatch):
    def full(path, text):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr('mmholdout.history.atomic.write_text', full)
    assert main([*paths(), '--out', str(tmp_path / 'o.json')]) == 2
    told = capsys.readouterr()
    assert 'No space left' in told.err and 'VOC mAP' in told.out


def test_official_numbers_beside_ours(paths, tmp_path, capsys):
    out = tmp_path / 'o.json'
    assert main([*paths(), '--backend', 'pycocotools', '--out', str(out)]) == 0
    told = capsys.readouterr().out
    assert 'pycocotools  difference' in told
    assert 'largest difference from pycocotools: 0.0e+00' in told
    values = json.loads(out.read_text())
    assert values['pycocotools/coco_AP'] == values['coco_AP'] == pytest.approx(1)


@pytest.mark.parametrize('theirs', [{}, {'coco_AP': 0.5}])
def test_a_difference_is_no_success(paths, capsys, monkeypatch, theirs):
    monkeypatch.setattr(coco_official, 'official_coco', lambda files: theirs)
    assert main([*paths(), '--backend', 'pycocotools']) == 1
    assert 'DIFFERENT' in capsys.readouterr().out


def test_defects_exit_with_2(paths, capsys):
    wrong = [one(image_id=7, score=float('nan')), one(bbox=[1, 2, -3, 4]), one(category_id=0)]
    assert main(paths(wrong)) == 2
    told = capsys.readouterr()
    assert told.out == '' and '4 problems' in told.err and 'detection 1 (image 1)' in told.err


@pytest.mark.parametrize('thr', ['0', '1', 'nan', '-1'])
def test_an_impossible_threshold_is_told_before_the_files_are_read(thr, capsys):
    assert main(['none', 'none', '--iou-thr', thr]) == 2
    assert 'iou_thr is' in capsys.readouterr().err


def test_names_are_inert(paths, capsys):
    name = 'a\x1b[31m\nFAKE: fine\u202e\udc80'
    assert main(paths(name=name)) == 0
    out = capsys.readouterr().out
    assert '\x1b' not in out and '\u202e' not in out and '\nFAKE' not in out
    wrong = {'id': 0, 'image_id': name, 'category_id': 1, 'bbox': [0, 0, 9, 9]}
    assert main(paths(annotations=[wrong])) == 2
    err = capsys.readouterr().err
    assert '\x1b' not in err and '\nFAKE' not in err

import shutil

import cv2
import pytest
import torch

from mmholdout.errors import CheckpointError, DataError
from mmholdout.runner.checkpoint import write_checkpoint
from mmholdout.runner.predict import _fitting, predict


@pytest.fixture
def checkpoint(train_small):
    return str(train_small('train_cfg = dict(max_epochs=1)') / 'checkpoints/best_model.pth')


@pytest.fixture
def pictures(tmp_path, small_sample):
    folder = tmp_path / 'pictures'
    (folder / 'sub').mkdir(parents=True)
    images = sorted((small_sample / 'JPEGImages').iterdir())[:3]
    shutil.copy(images[0], folder / 'a b.jpg')
    shutil.copy(images[1], folder / 'sub' / 'c.JPG')
    cv2.imwrite(str(folder / 'gray.png'), cv2.imread(str(images[2]), 0))
    (folder / 'notes.txt').write_text('no image')
    return folder


def test_draws_a_folder_from_the_checkpoint_alone(checkpoint, pictures, tmp_path):
    written = predict(checkpoint, [str(pictures)], out_dir=str(tmp_path / 'out'), score_thr=0.0)
    assert sorted(p.name for p in written) == ['a b.jpg', 'gray.png', 'sub_c.JPG']
    before = cv2.imread(str(pictures / 'a b.jpg'))
    after = cv2.imread(str(tmp_path / 'out' / 'a b.jpg'))
    assert after.shape == before.shape
    assert (after != before).mean() > 0.05  # boxes everywhere at threshold 0


def test_equal_names_do_not_overwrite_each_other(checkpoint, pictures, tmp_path):
    image = str(pictures / 'a b.jpg')
    written = predict(checkpoint, [image, image], out_dir=str(tmp_path / 'out'))
    assert len({str(p) for p in written}) == 2 and all(p.is_file() for p in written)


def test_all_missing_inputs_at_once(checkpoint, tmp_path):
    (tmp_path / 'empty').mkdir()
    with pytest.raises(DataError) as error:
        predict(checkpoint, ['no.jpg', str(tmp_path / 'empty')], out_dir=str(tmp_path / 'out'))
    assert 'no.jpg' in str(error.value) and 'empty' in str(error.value)


def test_an_unreadable_image_is_named(checkpoint, tmp_path):
    (tmp_path / 'bad.jpg').write_bytes(b'no image')
    with pytest.raises(DataError, match=r'bad\.jpg'):
        predict(checkpoint, [str(tmp_path / 'bad.jpg')], out_dir=str(tmp_path / 'out'))


@pytest.mark.guarantee
def test_no_image_is_overwritten(checkpoint, pictures, tmp_path):
    before = {p.name: p.read_bytes() for p in pictures.iterdir() if p.is_file()}
    with pytest.raises(DataError, match=r'is one of the images: give another --out-dir'):
        predict(checkpoint, [str(pictures)], out_dir=str(pictures))
    (tmp_path / 'out').mkdir()
    (tmp_path / 'mine.txt').write_text('mine')
    (tmp_path / 'out' / 'a b.jpg').symlink_to(tmp_path / 'mine.txt')
    predict(checkpoint, [str(pictures / 'a b.jpg')], out_dir=str(tmp_path / 'out'))
    assert (tmp_path / 'mine.txt').read_text() == 'mine'
    assert {p.name: p.read_bytes() for p in pictures.iterdir() if p.is_file()} == before


def test_no_checkpoint(pictures, tmp_path):
    with pytest.raises(CheckpointError):
        predict(str(tmp_path / 'no.pth'), [str(pictures)], out_dir=str(tmp_path / 'out'))


def test_a_name_that_is_too_long_for_the_disk_is_shortened(tmp_path):
    names = ['a' * 300 + '.jpg', 'a' * 301 + '.jpg', '狗' * 200 + '.png', 'short.jpg']
    fitting = [_fitting(name) for name in names]
    assert len(set(fitting)) == 4 and fitting[3] == 'short.jpg'
    for given, name in zip(names, fitting):
        (tmp_path / name).write_bytes(b'')
        assert name.endswith(given[-4:])


def test_a_description_that_fits_no_model_is_named(checkpoint, pictures, tmp_path):
    content = torch.load(checkpoint, weights_only=True)
    content['meta']['words']['model']['bbox_head']['num_classes'] = 9
    write_checkpoint(tmp_path / 'a.pth', content)
    with pytest.raises(CheckpointError, match=r'a\.pth describes another model than it holds'):
        predict(str(tmp_path / 'a.pth'), [str(pictures)], out_dir=str(tmp_path / 'out'))


def test_it_says_which_threshold_it_used(checkpoint, pictures, tmp_path, capsys):
    image = str(pictures / 'a b.jpg')
    content = torch.load(checkpoint, weights_only=True)
    names = content['meta']['classes']
    content['meta'] |= {'chosen': {'val/score_thr': 0.0}, 'class_score_thrs': {names[0]: 2.0}}
    write_checkpoint(tmp_path / 'a.pth', content)

    def said(**options):
        predict(str(tmp_path / 'a.pth'), [image], out_dir=str(tmp_path / 'out'), **options)
        return capsys.readouterr().out

    def count(text):
        return int(text.split('.jpg: ')[1].split(' objects')[0])

    everything = said()
    assert 'scored 0.00 or more (chosen by validation, best F1)' in everything
    assert 'scored 2.00 or more (as given)' in (nothing := said(score_thr=2.0))
    own = said(per_class_thr=True)
    assert f'thresholds of their classes: {names[0]} 2.00' in own
    assert 'so no threshold of their own; 0.00 is used' in own
    assert count(nothing) == 0 < count(own) < count(everything)


def test_thresholds_by_class_of_a_checkpoint_without(checkpoint, pictures, tmp_path):
    content = torch.load(checkpoint, weights_only=True)
    del content['meta']['class_score_thrs']
    write_checkpoint(tmp_path / 'a.pth', content)
    with pytest.raises(CheckpointError, match='no thresholds by class'):
        predict(str(tmp_path / 'a.pth'), [str(pictures)], out_dir='out', per_class_thr=True)

import shutil

import cv2
import pytest

from mmholdout.errors import CheckpointError, DataError
from mmholdout.runner.predict import predict


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


def test_no_checkpoint(pictures, tmp_path):
    with pytest.raises(CheckpointError):
        predict(str(tmp_path / 'no.pth'), [str(pictures)], out_dir=str(tmp_path / 'out'))

"""curves.png shows what was measured, where it was measured, and is always a whole file."""

from __future__ import annotations

import errno
import math
import struct
import subprocess
import sys
import time
import warnings

import matplotlib as mpl
import pytest

from mmholdout.report import curves
from mmholdout.report.curves import draw_curves


def _row(epoch, validated=True):
    row = {'epoch': epoch, 'iter': 50 * epoch, 'lr': 1e-3 if epoch <= 10 else 1e-4}
    row['train/loss'] = 2 + 4 * math.exp(-epoch / 8)
    if validated:
        row |= {'val/loss': 2.2, 'train_eval/loss': 1.9, 'val/mAP': min(1.0, 0.02 * epoch)}
        row |= {'val/precision': 0.8, 'val/recall': 0.6, 'val/AP75': 0.1}
    return row


def _panels(rows, monitor='val/mAP', best=None, stopped=None, cuts=()):
    figure = curves._figure(rows, monitor, best, stopped, cuts, '')
    return figure.axes


def _lines(axes):
    return {line.get_label(): line for line in axes.get_lines()}


def _size(path):
    data = path.read_bytes()
    assert data.startswith(b'\x89PNG\r\n\x1a\n')
    assert data.endswith(b'IEND\xaeB`\x82')
    return struct.unpack('>II', data[16:24])


@pytest.mark.parametrize('number', [0, 1, 2, 60])
def test_a_whole_picture_for_any_number_of_rows(tmp_path, number):
    path = tmp_path / 'curves.png'
    rows = [_row(epoch) for epoch in range(1, number + 1)]
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        draw_curves(rows, path, best_epoch=number or None, title='a run')
    assert _size(path) == (1350, 1200)
    assert [p.name for p in tmp_path.iterdir()] == ['curves.png']


def test_three_panels_with_their_lines():
    losses, metrics, rate = _panels([_row(1), _row(2)])
    assert list(_lines(losses)) == ['train (augmented)', 'train_eval', 'val']
    assert list(_lines(metrics)) == ['mAP', 'precision', 'recall']
    assert rate.get_yscale() == 'log'
    assert rate.get_xlabel() == 'epoch'


def test_a_single_validation_shows_as_a_dot():
    for axes in _panels([_row(1)]):
        assert all(line.get_marker() == 'o' for line in axes.get_lines())


def test_only_validations_that_exist_are_joined():
    rows = [_row(epoch, validated=epoch % 4 == 0) for epoch in range(1, 11)]
    rows[7]['val/mAP'] = float('nan')  # epoch 8
    losses, metrics, _ = _panels(rows)
    assert list(_lines(losses)['train (augmented)'].get_xdata()) == list(range(1, 11))
    assert list(_lines(losses)['val'].get_xdata()) == [4, 8]
    assert list(_lines(metrics)['mAP'].get_xdata()) == [4]


def test_a_run_without_validation_says_so_in_the_empty_panel():
    said = [[text.get_text() for text in axes.texts] for axes in _panels([_row(1, False)])]
    assert said == [[], ['nothing was validated'], []]
    assert not any(axes.texts for axes in _panels([_row(1), _row(2, False)]))


def test_values_are_drawn_as_they_are():
    rows = [_row(1), _row(2)]
    losses, metrics, rate = _panels(rows)
    assert list(_lines(losses)['train (augmented)'].get_ydata()) == [
        row['train/loss'] for row in rows
    ]
    assert list(_lines(metrics)['mAP'].get_ydata()) == [0.02, 0.04]
    assert list(rate.get_lines()[0].get_ydata()) == [1e-3, 1e-3]


def test_cuts_best_epoch_and_stop_are_marked_in_each_panel():
    rows = [_row(epoch) for epoch in range(1, 21)]
    panels = _panels(rows, best=13, stopped=20, cuts=[10, 15])
    for axes in panels:
        upright = [line for line in axes.get_lines() if list(line.get_ydata()) == [0, 1]]
        assert sorted(line.get_xdata()[0] for line in upright) == [10, 13, 15, 20]
    legend = [text.get_text() for text in panels[2].get_legend().get_texts()]
    assert legend == ['rate cut', 'best, epoch 13', 'stop, epoch 20']


def test_a_mark_outside_the_history_is_not_drawn():
    rows = [_row(1), _row(2)]
    rate = _panels(rows, best=None, stopped=9, cuts=[7])[2]
    assert len(rate.get_lines()) == 1


def test_a_monitor_of_its_own_gets_a_line():
    rows = [{**_row(e), 'val/loss_cls': 1.5} for e in (1, 2)]
    assert 'AP75' in _lines(_panels(rows, monitor='val/AP75')[1])
    assert 'loss_cls' in _lines(_panels(rows, monitor='val/loss_cls')[0])


@pytest.mark.parametrize('name', ['$\\frac{$', 'a' * 200, '狗\x1b[2J\n'])
def test_a_monitor_named_for_any_class_can_be_drawn(tmp_path, name):
    key = f'val/AP/{name}'
    rows = [{**_row(1), key: 0.4}]
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        draw_curves(rows, tmp_path / 'curves.png', monitor=key)
    label = list(_lines(_panels(rows, monitor=key)[1]))[-1]
    assert len(label) <= 24
    assert label.isprintable()


def test_several_validations_in_an_epoch_are_drawn_over_iterations():
    rows = [{**_row(1), 'iter': 20}, {**_row(1), 'iter': 40}, {**_row(2), 'iter': 60}]
    losses, _, rate = _panels(rows, best=1)
    assert list(_lines(losses)['val'].get_xdata()) == [20, 40, 60]
    assert rate.get_xlabel() == 'iteration'


def test_a_wide_range_of_losses_gets_a_logarithmic_axis():
    rows = [_row(epoch) for epoch in (1, 2, 3)]
    assert _panels(rows)[0].get_yscale() == 'linear'
    rows[0]['train/loss'] = 300.0
    losses = _panels(rows)[0]
    assert losses.get_yscale() == 'log'
    assert 'log' in losses.get_ylabel()
    rows[1]['train/loss'] = -1.0  # no logarithm
    assert _panels(rows)[0].get_yscale() == 'linear'


@pytest.mark.parametrize('title', ['$\\frac{$', '100 % of $x', '狗 \x00 \n', ''])
def test_any_title_can_be_drawn(tmp_path, title):
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        draw_curves([_row(1)], tmp_path / 'curves.png', title=title)
    _size(tmp_path / 'curves.png')


def test_settings_of_the_user_neither_matter_nor_change(tmp_path):
    rows = [_row(1), _row(2)]
    draw_curves(rows, tmp_path / 'plain.png')
    with mpl.rc_context({'text.usetex': True, 'figure.facecolor': 'black', 'font.size': 30}):
        before = dict(mpl.rcParams)
        draw_curves(rows, tmp_path / 'theirs.png')
        assert dict(mpl.rcParams) == before
    assert (tmp_path / 'theirs.png').read_bytes() == (tmp_path / 'plain.png').read_bytes()


def test_a_failure_keeps_the_picture_before(tmp_path, monkeypatch):
    path = tmp_path / 'curves.png'
    draw_curves([_row(1)], path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError(errno.ENOSPC, 'No space left on device')

    monkeypatch.setattr('os.fsync', fail)
    with pytest.raises(OSError, match=r'No space left.*curves'):
        draw_curves([_row(1), _row(2)], path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ['curves.png']


def test_drawing_takes_less_than_half_a_second(tmp_path):
    rows = [_row(epoch) for epoch in range(1, 61)]
    draw_curves(rows, tmp_path / 'first.png')  # loads matplotlib and its fonts
    taken = []
    for _ in range(3):
        start = time.process_time()
        draw_curves(rows, tmp_path / 'curves.png', best_epoch=13, lr_cuts=[10])
        taken.append(time.process_time() - start)
    assert min(taken) < 0.5


def test_importing_the_module_loads_no_matplotlib_and_drawing_no_pyplot(tmp_path):
    code = (
        'import sys; from mmholdout.report.curves import draw_curves;'
        'assert "matplotlib" not in sys.modules;'
        f'draw_curves([], {str(tmp_path / "curves.png")!r});'
        'assert "matplotlib.pyplot" not in sys.modules'
    )
    subprocess.run([sys.executable, '-c', code], check=True, timeout=120)


def bands(rows):
    return _panels(rows)[1].collections


def test_a_band_where_map_has_an_interval():
    rows = [_row(1), _row(2), _row(3)]
    for row in rows[1:]:
        row |= {'val/mAP_low': row['val/mAP'] - 0.01, 'val/mAP_high': row['val/mAP'] + 0.01}
    (band,) = bands(rows)
    corners = band.get_paths()[0].vertices
    assert corners.min(axis=0).tolist() == [2.0, rows[1]['val/mAP_low']]
    assert corners.max(axis=0).tolist() == [3.0, rows[2]['val/mAP_high']]
    assert band.get_label() == '95 % of mAP'


def test_a_single_interval_shows_and_half_a_one_does_not():
    row = _row(1) | {'val/mAP_low': 0.01}
    assert not bands([row])
    assert len(bands([row | {'val/mAP_high': 0.03}])) == 2

from __future__ import annotations

import copy

import pytest
import torch


def test_the_same_detector_in_another_memory_format(build, model_config, batch):
    ours = build(model_config())
    cfg = model_config()
    cfg.type = 'mmdet.SingleStageDetector'
    theirs = build(cfg)
    theirs.load_state_dict(ours.state_dict())
    data = ours.data_preprocessor(batch(2), False)
    with torch.no_grad():
        features = ours.extract_feat(data['inputs'])
        for one, other in zip(features, theirs.extract_feat(data['inputs']), strict=True):
            assert one.is_contiguous(memory_format=torch.channels_last)
            torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize('name', ['ssd_tiny', 'ssdlite_mobilenetv2'])
def test_loss_of_the_base_models_falls_on_one_batch(build, model_config, batch, name):
    model = build(model_config(name)).train()
    data = batch(4, size=160)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    losses = []
    for _ in range(10):
        inputs = model.data_preprocessor(copy.deepcopy(data), True)
        loss = model.parse_losses(model.loss(inputs['inputs'], inputs['data_samples']))[0]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]
    assert all(loss == loss for loss in losses)


@pytest.mark.parametrize('name', ['ssd_tiny', 'ssdlite_mobilenetv2'])
def test_levels_of_the_base_models_fit_their_priors(build, model_config, name):
    """One feature cell per stride: else prior centres would drift away from their cells."""
    model = build(model_config(name))
    size = {'ssd_tiny': 160, 'ssdlite_mobilenetv2': 320}[name]
    with torch.no_grad():
        scores, _ = model.bbox_head(model.extract_feat(torch.zeros(1, 3, size, size)))
    strides = model.bbox_head.prior_generator.strides
    assert [s.shape[-1] for s in scores] == [round(size / w + 1e-6) for w, _ in strides]

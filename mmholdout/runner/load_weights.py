"""`load_from`: take the weights that fit and list those that do not."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn
from torch.serialization import safe_globals

from mmholdout.errors import CheckpointError
from mmholdout.guards.tensors import harmless
from mmholdout.models.weights_file import weights_file
from mmholdout.runner.checkpoint import load_plain


def load_weights(model: nn.Module, path: str) -> list[str]:
    """Load matching names and shapes into the model; gives sentences about the rest.

    Args:
        model: receives the weights.
        path: of a checkpoint of this project, of mmdet, or a bare state dict; an http(s) URL is
            downloaded once (see `weights_file`).

    Raises:
        ConfigError: a URL that cannot be had.
        CheckpointError: when the file cannot be read or nothing in it fits.
    """
    given = str(path)
    remote = given.startswith(('http://', 'https://'))
    file = weights_file(given, {}, 'Or give the path of a file') if remote else Path(given)
    with safe_globals(harmless()):  # published files of mmdet hold their logs
        content = load_plain(file)
    saved = content.get('state_dict', content) if isinstance(content, dict) else None
    if not saved or not all(isinstance(v, Tensor) for v in saved.values()):
        raise CheckpointError(f'load_from: {path} holds no model weights')
    own = model.state_dict()
    fits = {k: v for k, v in saved.items() if k in own and own[k].shape == v.shape}
    if not fits:
        raise CheckpointError(
            f'load_from: none of the {len(saved)} weights in {path} fits this model; '
            f'it has {next(iter(saved))!r}, the model {next(iter(own))!r}'
        )
    model.load_state_dict(fits, strict=False)
    notices = [f'load_from {path}: {len(fits)} of {len(own)} weights loaded']
    notices += [
        f'  skipped {k}: {tuple(v.shape)} in the file, {tuple(own[k].shape)} in the model'
        for k, v in saved.items()
        if k in own and own[k].shape != v.shape
    ]
    notices += [f'  not in the model: {k}' for k in saved if k not in own]
    notices += [f'  not in the file: {k}' for k in own if k not in saved]
    return notices

"""Why nothing can be said about prior boxes."""

from __future__ import annotations

from mmholdout.errors import ConfigError


class NoFitError(ConfigError):
    """The detector has no fixed priors or positive IoU, or its input size cannot be known."""

"""What the tests of this room share."""

import mmholdout.registry  # noqa: F401 - before mmdet: it supplies the compiled operators

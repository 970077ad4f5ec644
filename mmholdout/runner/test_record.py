"""What a use of the test split leaves in the run folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.config.dump import dumps
from mmholdout.history.atomic import write_bytes, write_text
from mmholdout.history.run_digests import rewriting
from mmholdout.runner.annotation_record import digest_annotations, of_each_split
from mmholdout.runner.kept_predictions import sha256
from mmholdout.runner.parts import Words
from mmholdout.splits.file_record import write_file_record

NAMES = ('test_predictions.npz', 'test_annotations.json', 'test_config.py', 'test.json')


@dataclass
class TestRecord:
    """Everything but the result is made before the test split is used, so that it cannot fail then.

    Args:
        folder: of the run, or another; made if need be.
        cfg: the loaded config.
        words: translated.
    """

    __test__ = False  # its name makes pytest look for tests in it

    folder: Path
    cfg: dict[str, Any]
    words: Words

    def __post_init__(self) -> None:
        """Make the folder, write the config as text, and read the labels' digests."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._config = dumps(self.cfg)
        self._files = digest_annotations(self.words, ('test',))

    @property
    def annotations(self) -> str | None:
        """One digest for all annotation files of the test split."""
        return of_each_split(self._files).get('test')

    def write(self, result: dict[str, Any], predictions: bytes | None) -> list[str]:
        """Write test.json last, which names the digests of the others; gives remarks.

        Args:
            result: metrics and facts.
            predictions: of `predictions_of`.
        """
        with rewriting(self.folder, NAMES) as said:
            if predictions is None:
                (self.folder / NAMES[0]).unlink(missing_ok=True)
            else:
                write_bytes(self.folder / NAMES[0], predictions)
            write_file_record(self.folder / NAMES[1], self._files)
            write_text(self.folder / NAMES[2], self._config)
            facts = {'predictions': sha256(predictions), 'annotations': self.annotations}
            write_text(self.folder / NAMES[3], json.dumps({**result, **facts}, indent=2) + '\n')
        return said

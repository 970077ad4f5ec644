"""How often the test split was used, in the words of all reports."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mmholdout.errors import RunFolderError
from mmholdout.splits.ledger import Ledger

LEDGER = 'test_ledger.jsonl'


_FOLD = re.compile(r'fold_\d+(_refit)?')


def ledger_of(folder: Path) -> Ledger:
    """The ledger of a run: one for all run folders beside it.

    The folds of a config lie one folder deeper (`work_dirs/<config stem>/fold_0`); they have the
    same ledger as other runs, so that no fold opens the test split a second first time.
    """
    above = folder.resolve().parent
    if _FOLD.fullmatch(folder.resolve().name) and not (above / LEDGER).exists():
        above = above.parent
    return Ledger(above / LEDGER)


def used(uses: int) -> str:
    """'test split used once', 'test split used 3 times'."""
    return 'test split used once' if uses == 1 else f'test split used {uses} times'


def read_test(folder: Path) -> dict[str, Any] | None:
    """`test.json` of a run folder; None where the run was not tested.

    Raises:
        RunFolderError: it is damaged.
    """
    path = folder / 'test.json'
    try:
        stored = json.loads(path.read_text(encoding='utf-8'))
        stored['use'] = int(stored['use'])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunFolderError(f'{path} cannot be read: {error!r}') from error
    return dict(stored)


def sentences_about_test(folder: Path) -> list[str]:
    """The result and how often its split was used by now; nothing for a run without a test.

    Raises:
        RunFolderError: test.json is damaged.
        LedgerError: the ledger was changed.
    """
    test = read_test(folder)
    if test is None:
        return []
    value = test.get('test/mAP')
    shown = '' if value is None else f'test mAP = {value:.4f}, '
    ledger = ledger_of(folder)
    uses = ledger.uses(test.get('split', ''))
    if uses < test['use']:
        return [
            f'{shown}{used(test["use"])} by then; the ledger ({ledger.path}) does not have that use'
        ]
    return [f'{shown}{used(uses)} ({ledger.path})']

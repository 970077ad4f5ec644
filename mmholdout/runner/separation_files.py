"""What the comparison of the splits leaves in the run folder."""

from __future__ import annotations

import json
from pathlib import Path

from mmholdout.history.atomic import write_text
from mmholdout.runner.separation import Separation
from mmholdout.splits.contact_sheet import write_contact_sheet
from mmholdout.splits.record import write_splits


def write_separation(folder: Path, found: Separation) -> list[str]:
    """Write `splits.json`, `separation.json` and `near_duplicates.png`; gives lines to say.

    A sheet of an earlier comparison goes where a new one found no pair, and stays where nothing
    was compared anew.
    """
    write_splits(folder / 'splits.json', found.ids, found.files)
    text = json.dumps(found.record, indent=2, ensure_ascii=False)
    write_text(folder / 'separation.json', text + '\n')
    if found.pairs is None:
        return []
    sheet = folder / 'near_duplicates.png'
    try:
        sheet.unlink(missing_ok=True)
        shown = write_contact_sheet(sheet, found.pairs)
    except OSError as error:
        return [f'the pictures of the near-duplicates could not be written: {error}']
    if not shown:
        return []
    first = '' if shown == len(found.pairs) else f'the first {shown} of '
    return [f'splits: pictures of {first}the near-duplicates: {sheet}']

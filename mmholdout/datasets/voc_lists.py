"""placeholder until the real one lands."""
from pathlib import Path
def read_ids(path):
    return [l.split()[0] for l in Path(path).read_text().splitlines() if l.strip()]

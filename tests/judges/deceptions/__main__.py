"""Writes them all into a folder."""

import sys
from pathlib import Path

from . import make

signed, folder = Path(sys.argv[1]), Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for family, name, deceit, data in make(signed.read_bytes()):
    (folder / f"{name}.pdf").write_bytes(data)
    print(f"{family}\t{name}\t{deceit}")

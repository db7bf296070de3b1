"""The code at the foot of the pages: read by a reader of bar codes and as text, against the digest of the data inside the file."""

import hashlib
import json

import zxingcpp
from PIL import Image

from score import judge, run

# As many dots an inch as a poor photocopier or a telephone held at some distance sees.
DOTS = 150


def judge_code(name, report, data):
    """On every page, written and drawn: the beginning of the SHA-256 of the data, after the address where there is one."""
    digits = hashlib.sha256(data.read_bytes()).hexdigest()[:32].upper()
    address = json.loads(data.read_text(encoding="utf-8"))["entidad"]["direccion_verificacion"] or ""
    groups = " ".join(digits[at:at + 4] for at in range(0, 32, 4))
    pages = run("pdftotext", "-layout", report, "-").stdout.split("\f")[:-1]
    judge(pages and all(groups in page for page in pages), f"code written on {len(pages)} pages: {name}", groups)
    pictures = data.parent / "paginas"
    pictures.mkdir()
    run("pdftoppm", "-r", str(DOTS), "-gray", "-png", report, pictures / "p", check=True)
    read = [[found.text for found in zxingcpp.read_barcodes(Image.open(picture))] for picture in sorted(pictures.iterdir())]
    wrong = [texts for texts in read if texts != [address + digits]]
    judge(len(read) == len(pages) and not wrong, f"code read from {len(read)} pages: {name}", f"{wrong[:1]} for {address + digits}")

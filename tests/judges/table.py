"""The tables of a report as a reader's software gets them: from the structure tree of the PDF, not from the page."""

import re
import subprocess

TAG = re.compile(r"( *)([A-Z][A-Za-z0-9]*)(?: |:|$)")
TEXT = re.compile(r'( *)"(.*)"$')


def read(pdf):
    """The rows of the only table."""
    tables = read_all(pdf)
    if len(tables) != 1:
        raise ValueError(f"{len(tables)} tables")
    return tables[0]


def read_all(pdf):
    """The rows of each table: pairs of how many of its cells are data (TD), and its cells, white space folded.

    Headers that the page repeats stand in the tree once.
    """
    tree = subprocess.run(["pdfinfo", "-struct-text", pdf], capture_output=True, text=True,
                          errors="replace", check=True).stdout  # poppler prints UTF-16 as it stands
    tables, rows, cell = [], [], None  # cell: how deep the open one stands
    for line in tree.splitlines():
        if text := TEXT.match(line):
            if cell is not None and len(text[1]) > cell:
                rows[-1][1][-1] += text[2]
        elif tag := TAG.match(line):
            depth, name = len(tag[1]), tag[2]
            if cell is not None and depth <= cell:
                cell = None
            if name == "Table":
                rows = []
                tables.append(rows)
            elif name == "TR":
                rows.append([0, []])
            elif name in ("TH", "TD"):
                cell = depth
                rows[-1][0] += name == "TD"
                rows[-1][1].append("")
    return [[(data, [" ".join(text.split()) for text in cells]) for data, cells in rows] for rows in tables]


def split(rows):
    """The leading rows without data, and the others."""
    head = next((index for index, (data, _) in enumerate(rows) if data), len(rows))
    return [cells for _, cells in rows[:head]], [cells for _, cells in rows[head:]]

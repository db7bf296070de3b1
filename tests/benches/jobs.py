"""Reports as the typst command line makes them: of what `engine.rs` lays out."""

import re
import zlib


def typst_command(typst, folder, name):
    """The command that makes one of the jobs' PDF: `folder`/typst/NAME.pdf."""
    root = folder / "jobs" / name
    return [typst, "compile", "--root", root, "--font-path", folder / "fonts", "--ignore-system-fonts",
            "--ignore-embedded-fonts", "--pdf-standard", "a-3a,ua-1", "--features", "a11y-extras",
            root / "informe/principal.typ", folder / "typst" / f"{name}.pdf"]


def pages(pdf):
    """How many page objects a PDF has, those in compressed streams included."""
    raw = pdf.read_bytes()
    parts = [raw]
    for stream in re.finditer(rb"stream\r?\n", raw):
        try:
            parts.append(zlib.decompressobj().decompress(raw[stream.end():]))
        except zlib.error:
            pass  # not a compressed stream
    return sum(len(re.findall(rb"/Type\s*/Page(?![A-Za-z])", part)) for part in parts)

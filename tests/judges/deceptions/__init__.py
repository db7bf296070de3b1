"""Deceptive files made from an honest one that three people signed and a document timestamp closed; no verifier may pass one of them.

The classes are those of the published attacks on PDF signatures, and what else would let a file say what nobody signed.
usage: PYTHONPATH=tests/judges python3 -m deceptions SIGNED.pdf FOLDER      prints the class, the name and the deceit of each
"""

from surgery import Pdf

from . import annotations, around, chain, evidence, forgery, ranges, saving, shadow  # each adds its own to the list
from .listing import DECEPTIONS, annotated


def make(signed):
    """All of them: class, name, what was done, bytes."""
    pdf = Pdf(signed)
    for family, name, function in DECEPTIONS:
        data = function(pdf)
        assert data != signed, name
        yield family, name, " ".join(function.__doc__.split()), data

"""The archive, judged: bags by bagit.py, the electronic index by xmllint with the schema beside it.

Called by `signed.py`, where the real report has been signed by three people and an authority answers.
"""

import csv
import json
import shutil
import sys
from pathlib import Path

from catalogue import catalogue
from score import attempt, judge, run

ROLES = ("elaboro", "reviso", "aprobo")
PLANS = ("informes/rmbc-2024", "informes/ejemplo-2025")
ARCHIVE = "archivo"


def archived(program):
    """The real report and the example's four trimestres: signed, archived, and every bag judged."""
    for place, role in enumerate(ROLES, 1):
        level = "B-LTA" if place == len(ROLES) else "B-LT"
        signed = program.call("firmar", PLANS[1], "--rol", role, *program.p12(role), "--nivel", level, *program.services)
        judge(signed.returncode == 0, f"firmar --rol {role}: {PLANS[1]}", signed.stdout + signed.stderr)
    done = program.call("archivar", *PLANS, *program.services)
    judge(done.returncode == 0, "archivar", done.stdout + done.stderr)
    kept = program.folder / "cabeza.json"
    kept.write_text(done.stdout, encoding="utf-8")
    archive = program.folder / ARCHIVE
    bags = sorted(archive.glob("*/*/v*"))
    judge(len(bags) == json.loads(done.stdout)["entradas"] == 5, f"the head says {len(bags)} entries")
    for bag in bags:
        name = bag.relative_to(archive).as_posix()
        judge(not bagit(bag), f"bagit.py: {name}", bagit(bag))
        judge(not xmllint(bag), f"xmllint, the index by its schema: {name}", xmllint(bag))
        judge(rows(bag) == cells(bag), f"the CSV has the data's cells: {name}")
    holds = program.call("verificar", ARCHIVE, "--cabeza", kept, *program.services[2:])
    judge(holds.returncode == 0, "verificar archivo --cabeza", holds.stdout + holds.stderr)
    attempt(catalogue, [archive / "index.html"])
    refused(program, bags[0])


def refused(program, bag):
    """The judges see what is wrong, and so does our own program."""
    harmed = program.folder / "dañado"
    shutil.copytree(bag, harmed)
    table = harmed / "data/datos-abiertos/tabla.csv"
    table.write_bytes(table.read_bytes() + b" ")
    judge(bagit(harmed), "bagit.py refuses a bag with a byte more")
    index = harmed / "data/indice.xml"
    index.write_text(index.read_text(encoding="utf-8").replace("Pagina_Inicio", "Pagina_Fin", 2), encoding="utf-8")
    judge(xmllint(harmed), "xmllint refuses an index with a page under the wrong name")
    table = bag / "data/datos-abiertos/tabla.csv"
    table.write_bytes(table.read_bytes() + b" ")
    done = program.call("verificar", ARCHIVE, *program.services[2:])
    judge(done.returncode == 1 and "tabla.csv" in done.stdout, "verificar names what was changed", done.stdout)


def bagit(bag):
    """What bagit.py has against a bag; empty if nothing."""
    done = run(Path(sys.executable).parent / "bagit.py", "--validate", bag)
    return "" if done.returncode == 0 else done.stderr


def xmllint(bag):
    """What xmllint has against an index; empty if nothing."""
    done = run("xmllint", "--noout", "--nonet", "--schema", bag / "data/indice.xsd", bag / "data/indice.xml")
    return "" if done.returncode == 0 else done.stderr


def rows(bag):
    """The table without its first row, as anybody's reader of CSV has it."""
    with open(bag / "data/datos-abiertos/tabla.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))[1:]


def cells(bag):
    data = json.loads((bag / "data/datos-abiertos/informe.json").read_text(encoding="utf-8"))
    return [["\n".join(lines) for lines in row] for row in data["filas"]]

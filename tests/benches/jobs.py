"""Reports laid out for typst: what `seguimiento` hands to the engine, as files.

`lay_out` makes of an office's `plans` what both the typst command line and the bare engine (`engine.rs`) read:

    fonts/                      those of the program
    jobs/PLAN-Nt/               a document; its folder is typst's root
        plantilla.typ           the template, and in comun/ what all templates share
        informe/                principal.typ, informe.json, metadatos.json, adjuntos/
        identidad.txt           what the PDF's identifier comes from

What typst gets it gets ready made: reading and checking TOML is in the time of `seguimiento` alone. The metadata are
those of `src/pipeline.rs`, so that the bare engine makes the very same bytes.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tomllib
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "report-templates/seguimiento-trimestral"
SHARED = ROOT / "report-templates/comun/pagina.typ"
QUARTERS = {1: "I", 2: "II", 3: "III", 4: "IV"}
KINDS = {"toml": "application/toml", "json": "application/json", "typ": "text/vnd.typst"}


def lay_out(binary, office, folder):
    """All reports of `office`/plans, in `folder`; the names of the jobs, in the program's order."""
    shutil.copytree(ROOT / "fonts", folder / "fonts", ignore=lambda _, names: [n for n in names if not n.endswith("tf")])
    (folder / "typst").mkdir()
    follow_ups = sorted(office.glob("plans/*/trimestre-*.toml"))
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda follow_up: job(binary, office, folder, follow_up), follow_ups))


def job(binary, office, folder, follow_up):
    """One document."""
    plan, quarter = follow_up.parent, int(follow_up.stem[-1])
    root = folder / "jobs" / f"{plan.name}-{quarter}t"
    attached = root / "informe/adjuntos"
    for place, name in ((attached, "comun-pagina.typ"), (root / "comun", "pagina.typ")):
        place.mkdir(parents=True)
        shutil.copy(SHARED, place / name)
    data = subprocess.run([binary, "exportar", plan.name, "--trimestre", str(quarter)], cwd=office, check=True,
                          stdout=subprocess.PIPE).stdout
    shutil.copy(TEMPLATE / "plantilla.typ", root)
    shutil.copy(ROOT / "src/typeset/principal.typ", root / "informe")
    for file in (plan / "plan.toml", follow_up, TEMPLATE / "formato.toml", TEMPLATE / "plantilla.typ"):
        shutil.copy(file, attached)
    for place in (root / "informe", attached):
        (place / "informe.json").write_bytes(data)
    (attached / "procedencia.json").write_text(provenance())
    report = json.loads(data)
    entity, year = report["entidad"], report["vigencia"]
    (root / "informe/metadatos.json").write_text(json.dumps(metadata(report, follow_up.name), ensure_ascii=False))
    (root / "identidad.txt").write_text(f"{entity['nombre']}/{year}/{quarter}")
    return root.name


def provenance():
    """What made the report, as `Provenance` writes it."""
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
    fonts = {font.name: hashlib.sha256(font.read_bytes()).hexdigest() for font in sorted((ROOT / "fonts").glob("*.ttf"))}
    names = {"comun-pagina.typ": "comun/pagina.typ"}
    return json.dumps({"programa": f"seguimiento {version}", "tipos_de_letra": fonts, "nombres": names}, indent=2) + "\n"


def metadata(report, follow_up):
    """What the PDF says of itself, as `Desk::job` writes it."""
    entity, cutoff = report["entidad"], report["fecha_corte"]
    year, month, day = map(int, cutoff["iso"].split("-"))
    layout = "Formato oficial con que se compuso el informe"
    attachments = (
        ("plan.toml", "source", "Plan de acción, tal como lo escribió la entidad"),
        (follow_up, "source", "Seguimiento del trimestre, tal como lo escribió la entidad"),
        ("informe.json", "data", "Los datos que muestra el informe"),
        ("formato.toml", "supplement", layout),
        ("comun-pagina.typ", "supplement", layout),
        ("plantilla.typ", "supplement", layout),
        ("procedencia.json", "supplement", "El programa y los tipos de letra con que se compuso el informe"),
    )
    return {
        "autor": entity["nombre"],
        "descripcion": f"{report['titulo']}, con corte a {cutoff['larga']}. {entity['nombre']}",
        "palabras_clave": ["seguimiento", "plan de acción", f"vigencia {report['vigencia']}",
                           f"{QUARTERS[report['trimestre']['numero']]} trimestre", entity["sigla"]],
        "fecha": {"year": year, "month": month, "day": day},
        "adjuntos": [
            {"nombre": name, "relacion": relation, "tipo": KINDS[name.rsplit(".")[-1]], "descripcion": description}
            for name, relation, description in attachments
        ],
    }


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

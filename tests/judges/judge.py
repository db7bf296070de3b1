"""Makes all reports in a temporary folder and has them judged. One line a judgement; started by `run`."""

import datetime
import json
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from urllib.parse import unquote

import jsonschema
from sarif_pydantic import Sarif

import code_of_data
import score
import signed
import table
from catalogue import catalogue
from score import attempt, judge, run
from standards import standards

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "tests/data/seguimiento-2024-2t.txt"
CATALOGUES = ROOT / "src/archive/catalogue/snapshots"
REAL = "rmbc-2024/seguimiento-2024-2t.pdf"
LONG = "celda-larga-2024"

def main(binary):
    with tempfile.TemporaryDirectory(prefix="seguimiento-") as folder:
        folder = Path(folder)
        shutil.copytree(ROOT / "plans", folder / "plans")
        long_cell(folder / "plans")
        made = run(binary, "generar", cwd=folder)
        wanted = sum(1 for _ in folder.glob("plans/*/trimestre-*.toml"))
        reports = sorted(folder.glob("informes/*/*.pdf"))
        judge(made.returncode == 0 and len(reports) == wanted, f"generar: {wanted} reports", made.stderr)
        standards(reports)
        for report in reports:
            name = report.relative_to(folder / "informes").as_posix()
            attempt(syntax, name, report)
            attempt(attachments, name, report, folder)
            attempt(table_shows_the_data, name, report, folder)
            attempt(code_of_data.judge_code, name, report, unpack(report, folder) / "informe.json")
        attempt(as_published, folder / "informes" / REAL)
        attempt(schemas, binary, folder)
        attempt(annexes, binary, folder)
        attempt(sarif, binary, folder)
        attempt(signed.signatures, binary, folder)
    attempt(catalogue, sorted(CATALOGUES.glob("*.html")))
    print(f"{score.passed} passed, {score.failed} failed")
    return 1 if score.failed else 0


def long_cell(plans):
    """A plan with a cell of 20,000 characters, no two words of which are the same: nothing can be lost unseen."""
    plan = plans / LONG
    shutil.copytree(plans / "rmbc-2024", plan)
    follow_up = plan / "trimestre-2.toml"
    start, rest = follow_up.read_text(encoding="utf-8").split('cualitativo = "', 1)
    words = " ".join(f"seguimiento{number:05}" for number in range(1, 1177))
    words += "." * (20_000 - len(words))
    follow_up.write_text(f'{start}cualitativo = "{words}"{rest[rest.index(chr(10)):]}', encoding="utf-8")


def syntax(name, report):
    """The file itself, by qpdf."""
    check = run("qpdf", "--check", report)
    judge(check.returncode == 0, f"qpdf: {name}", check.stdout + check.stderr)


def attachments(name, report, folder):
    """The files inside, by poppler, each the same bytes as its source."""
    plan = folder / "plans" / report.parent.name
    data = tomllib.loads((plan / "plan.toml").read_text(encoding="utf-8"))
    layout = data["plan"]["formato"]
    quarter = report.stem[-2]
    sources = {
        "plan.toml": plan / "plan.toml",
        f"trimestre-{quarter}.toml": plan / f"trimestre-{quarter}.toml",
        "formato.toml": ROOT / "report-templates" / layout / "formato.toml",
    }
    if logo := data["entidad"].get("logo"):
        sources[f"logo-entidad{Path(logo).suffix}"] = plan / logo
    inside = unpack(report, folder)
    listed = {line.split(": ", 1)[1] for line in run("pdfdetach", "-list", report).stdout.splitlines()[1:]}
    missing = {*sources, "informe.json", "plantilla.typ", "procedencia.json"} - listed
    judge(not missing, f"attachments: {name}", f"without {', '.join(sorted(missing))}")
    altered = [file for file, source in sources.items() if (inside / file).read_bytes() != source.read_bytes()]
    judge(not altered, f"attachments are the sources, byte for byte: {name}", ", ".join(altered))


def annexes(binary, folder):
    """The same reports with the annex for the control office, of plans in which something is found."""
    office = folder / "con-anexo"
    shutil.copytree(folder / "plans", office / "plans")
    for file in office.glob("plans/*/*.toml"):
        accepts_nothing(file)
    made = run(binary, "generar", "--anexo", cwd=office)
    reports = sorted(office.glob("informes/*/*.pdf"))
    judge(made.returncode == 0 and reports, f"generar --anexo: {len(reports)} reports", made.stderr)
    standards(reports)
    for report in reports:
        name = f"{report.relative_to(office / 'informes').as_posix()} with annex"
        attempt(syntax, name, report)
        attempt(annex_shows_the_data, name, report, office)
        attempt(code_of_data.judge_code, name, report, unpack(report, office) / "informe.json")


def accepts_nothing(file):
    """Adds an excepción that accepts nothing, which is a finding; its reason is longer than a page."""
    reason = " ".join(f"motivo{number:05}" for number in range(1, 1600))
    with file.open("a", encoding="utf-8") as toml:
        toml.write(f'\n[[excepcion]]\ncodigo = "documento-de-identidad"\nmotivo = "{reason}"\n'
                   'responsable = "Oficina de Control Interno"\nfecha = 2025-01-31\n')


def annex_shows_the_data(name, report, folder):
    """Every cell of the annex's tables against the data inside the file."""
    data = json.loads((unpack(report, folder) / "informe.json").read_text(encoding="utf-8"))["anexo"]
    keys = {
        "hallazgos": ("severidad", "accion", "mensaje", "recomendacion", "familia", "codigo", "lugar"),
        "excepciones": ("accion", "hallazgos", "motivo", "responsable", "fecha", "codigo", "lugar"),
        "criterios": ("codigo", "titulo", "razon"),
        "cambios": ("accion", "aspecto", "antes", "ahora"),
    }
    text = lambda value: " ".join(" ".join([value] if isinstance(value, str) else value).split())
    counts = [*data["resumen"]["familias"], data["resumen"]["total"]]
    expected = [[[row, *(count[key] for count in counts)] for row, key in
                 (("Advertencias", "advertencias"), ("Notas", "notas"), ("Aceptados", "aceptados"))]]
    for part, columns in keys.items():
        rows = [[text(row[column]) for column in columns] for row in data[part]["filas"]]
        if part != "criterios":
            rows = [[str(number), *row] for number, row in enumerate(rows, 1)]
        expected += [rows] if rows else []
    shown = [table.split(rows)[1] for rows in table.read_all(report)[1:]]
    wrong = [differences(*pair) for pair in zip(expected, shown) if differences(*pair)]
    judge(len(expected) == len(shown) > 1 and not wrong, f"annex shows the data ({len(shown)} tables): {name}",
          "\n".join(wrong) or f"{len(expected)} tables expected, {len(shown)} shown")


def unpack(report, folder):
    inside = folder / "inside" / report.parent.name / report.stem
    if not inside.exists():
        inside.mkdir(parents=True)
        run("pdfdetach", "-saveall", "-o", inside, report, check=True)
    return inside


def table_shows_the_data(name, report, folder):
    """Every cell of the table against the data inside the file."""
    data = json.loads((unpack(report, folder) / "informe.json").read_text(encoding="utf-8"))
    expected = [[" ".join(" ".join(cell).split()) for cell in row] for row in data["filas"]]
    _, body = table.split(table.read(report))
    judge(not differences(expected, body), f"table shows the data ({size(body)}): {name}",
          differences(expected, body))


def as_published(report):
    """The report of the real plan against the text of the one that the entity published."""
    lines = [line.split("\t") for line in PUBLISHED.read_text(encoding="utf-8").splitlines() if line.strip()]
    folded = [[" ".join(cell.split()) for cell in line] for line in lines]
    # Each page of the published text begins with the same three rows of heading.
    head, body = folded[:3], [row for row in folded if row not in folded[:3]]
    head = [[cell for cell in row if cell] for row in head]  # cells that others span are empty
    shown_head, shown_body = table.split(table.read(report))
    judge(head == shown_head, f"heading as published ({len(shown_head)} rows)", differences(head, shown_head))
    judge(size(shown_body) == "9 × 12" and not differences(body, shown_body), f"table as published ({size(shown_body)})",
          differences(body, shown_body))


def size(rows):
    return f"{len(rows)} × {'/'.join(str(width) for width in sorted({len(row) for row in rows}))}"


def differences(expected, shown):
    """What differs, a line a cell; empty if nothing does."""
    if [len(row) for row in expected] != [len(row) for row in shown]:
        return f"{size(expected)} expected, {size(shown)} shown"
    pairs = [
        f"row {number}, column {column}: {cell!r} expected, {other!r} shown"
        for number, (row, of_shown) in enumerate(zip(expected, shown), 1)
        for column, (cell, other) in enumerate(zip(row, of_shown), 1)
        if cell != other
    ]
    return "\n".join(pairs)


def schemas(binary, folder):
    """The schemas that editors use, against the plans: they take what is right and refuse what is not."""
    for plan in sorted((folder / "plans").iterdir()):
        layout = tomllib.loads((plan / "plan.toml").read_text(encoding="utf-8"))["plan"]["formato"]
        for kind in ("plan", "trimestre"):
            check = validator(binary, folder, kind, "--formato", layout)
            for file in sorted(plan.glob(f"{kind}*.toml")):
                accepts(check, file, f"{plan.name}/{file.name}")
    check = validator(binary, folder, "formato")
    for file in sorted((ROOT / "report-templates").glob("*/formato.toml")):
        accepts(check, file, f"{file.parent.name}/{file.name}")
    wrong = load(folder / "plans/rmbc-2024/plan.toml")
    wrong["plan"]["obgetivo"] = wrong["plan"].pop("objetivo")
    plan_of = validator(binary, folder, "plan", "--formato", "seguimiento-trimestral")
    judge(len(list(plan_of.iter_errors(wrong))) >= 2, "schema refuses a misspelt key, and misses the right one")


def validator(binary, folder, *args):
    schema = json.loads(run(binary, "esquema", *args, cwd=folder, check=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def accepts(check, file, name):
    errors = [f"{error.json_path}: {error.message}" for error in check.iter_errors(load(file))]
    judge(not errors, f"schema accepts {name}", "\n".join(errors))


def sarif(binary, folder):
    """The log of findings, read by a model of SARIF 2.1.0: whole, and each finding at the place that the JSON tells."""
    text = run(binary, "revisar", "--formato", "sarif", cwd=folder).stdout
    log = Sarif.model_validate_json(text)
    findings = json.loads(run(binary, "revisar", "--formato", "json", cwd=folder).stdout)
    [of_run] = log.runs
    regions = [result.locations[0].physical_location for result in of_run.results]
    places = [
        (result.rule_id, unquote(place.artifact_location.uri), place.region.start_line, place.region.start_column)
        for result, place in zip(of_run.results, regions)
    ]
    told = [(f["codigo"], f["lugar"]["archivo"], f["lugar"]["linea"], f["lugar"]["columna"]) for f in findings]
    judge(places == told and len(told) >= 30, f"sarif: {len(told)} findings", "not those of the JSON")
    rules = {rule.id for rule in of_run.tool.driver.rules}
    judge(all(code in rules for code, *_ in told), "sarif: every finding has its rule")
    accepted = ["suppressions" in result for result in json.loads(text)["runs"][0]["results"]]
    judge(accepted == [f["aceptado"] is not None for f in findings], "sarif: what is accepted is suppressed")


def load(file):
    """TOML as JSON has it: dates are text."""
    return as_json(tomllib.loads(file.read_text(encoding="utf-8")))


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

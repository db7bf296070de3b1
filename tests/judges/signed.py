"""The signatures, judged: the real report signed by three people in turn, files that no verifier may pass, and another program's signatures.

Called by `judge.py`. Where our own `verificar` is asked, it is asked as everybody would: its exit status, and its JSON.
"""

import json
import shutil
from pathlib import Path

import archive
import deceptions
import signer
import signatures as judges
import softtoken
import table
from authority import KEYS, Authority
from score import attempt, judge, run
from standards import standards
from surgery import Pdf, get, put, references

REPORT = "informes/rmbc-2024/seguimiento-2024-2t.pdf"
ROLES = ("elaboro", "reviso", "aprobo")
AHEAD = 20  # years


def signatures(binary, folder):
    """All that is judged of signatures, in a folder where `generar` has been."""
    work = folder / "firmas"
    work.mkdir()
    prepared = work / "0-generado.pdf"
    shutil.copyfile(folder / REPORT, prepared)
    with Authority(work / "autoridad") as authority:
        program = Program(binary, folder, authority)
        attempt(another_signer, program, prepared, work)
        attempt(refused, program, prepared, work)
        attempt(three_people, program, folder / REPORT, work)
        attempt(archive.archived, program)


class Program:
    """Our own program, as the office uses it."""

    def __init__(self, binary, folder, authority):
        self.binary, self.folder, self.authority = binary, folder, authority
        self.services = ["--tsa", authority.tsa, "--ancla", authority.root]

    def call(self, *arguments):
        return run(self.binary, *arguments, cwd=self.folder)

    def p12(self, name):
        return ["--p12", self.authority.folder / f"{name}.p12", "--clave-archivo", self.authority.passphrase]

    def sign(self, pdf, role, level, *key):
        done = self.call("firmar", pdf, "--rol", role, *key, "--nivel", level, *self.services)
        judge(done.returncode == 0, f"firmar --rol {role} --nivel {level}", done.stdout + done.stderr)

    def verify(self, pdf, *more):
        """Whether it holds, what is said of each signature of a person, and all that was said."""
        done = self.call("verificar", pdf, "--ancla", self.authority.root, "--formato", "json", *more)
        if done.returncode not in (0, 1):  # a crash is no refusal
            raise RuntimeError(f"verificar ended with {done.returncode}: {done.stderr[-500:]}")
        files = json.loads(done.stdout)["archivos"] if done.stdout.strip() else []
        people = [one for file in files for one in file["firmas"] if one["tipo"] == "firma"]
        verdicts = [judges.Verdict(one["campo"], one["estado"].replace("-", "_"), level=f"PAdES-BASELINE-{(one['nivel'] or '')[2:]}")
                    for one in people]
        return done.returncode == 0, verdicts, done.stdout + done.stderr


# The real report, signed by three people in turn.

def three_people(program, report, work):
    """Key files of both kinds and a token, each B-LT; then the seal that makes all B-LTA. All is judged after every step."""
    certificates = program.authority.folder
    module, pin = softtoken.make(
        work, KEYS / "aprobo.pk8", certificates / "aprobo.pem", [certificates / "subordinada.pem"], "aprobo")
    token = ["--token", module, "--etiqueta", "aprobo", "--clave-archivo", pin]
    cells = table.read_all(report)
    stages, before = [], report.read_bytes()
    for place, (role, key) in enumerate(zip(ROLES, (program.p12("elaboro"), program.p12("reviso"), token)), 1):
        program.sign(report, role, "B-LT", *key)
        stages.append((kept(report, work / f"{place}-{role}.pdf"), "PAdES-BASELINE-LT", place))
        before = follows(before, stages[-1][0])
    sealed = program.call("sellar", report, *program.services)
    judge(sealed.returncode == 0, "sellar", sealed.stdout + sealed.stderr)
    stages.append((kept(report, work / "4-sellado.pdf"), "PAdES-BASELINE-LTA", len(ROLES)))
    follows(before, stages[-1][0])
    standards([stage for stage, _, _ in stages])
    of_dss = judges.dss(program.authority.root, *(stage for stage, _, _ in stages))
    for (stage, level, count), verdicts in zip(stages, of_dss):
        attempt(honest, program, stage, count)
        judge(len(verdicts) == count and all(verdict.clean and verdict.level == level for verdict in verdicts),
              f"EU DSS: {level}, {count} without a complaint: {stage.name}", "; ".join(map(str, verdicts)))
        judge(table.read_all(stage) == cells, f"table shows the same cells: {stage.name}")
    attempt(no_deception_passes, program, stages[-1][0], work / "engaños")


def kept(report, copy):
    shutil.copyfile(report, copy)
    return copy


def follows(before, stage):
    """The bytes before are the beginning of the bytes after; these."""
    after = stage.read_bytes()
    judge(len(after) > len(before) and after.startswith(before), f"the bytes before are a prefix: {stage.name}")
    return after


def honest(program, pdf, count):
    """All but EU DSS, which judges many files at once."""
    for when, options in (("online", dict(online=True)), ("offline", {}), (f"in {AHEAD} years", dict(years=AHEAD))):
        verdicts = judges.pyhanko(pdf, program.authority.root, **options)
        judge(len(verdicts) == count and all(verdict.clean for verdict in verdicts),
              f"pyHanko, {when}, {count}: {pdf.name}", "; ".join(map(str, verdicts)))
    judge(not judges.qpdf(pdf), f"qpdf: {pdf.name}", judges.qpdf(pdf))
    judge(judges.pdfsig(pdf) == [True] * count, f"pdfsig, {count}: {pdf.name}", judges.pdfsig(pdf))
    asked = program.authority.requests
    holds, _, said = program.verify(pdf)
    judge(holds and program.authority.requests == asked, f"verificar, without network: {pdf.name}", said)
    holds, _, said = program.verify(pdf, "--en-linea")
    judge(holds, f"verificar --en-linea: {pdf.name}", said)


def no_deception_passes(program, sealed, folder):
    """Every deceptive file made of the sealed one; a line a class."""
    folder.mkdir()
    families = {}
    for family, name, deceit, data in deceptions.make(sealed.read_bytes()):
        file = folder / f"{name}.pdf"
        file.write_bytes(data)
        holds, _, _ = program.verify(file)
        families.setdefault(family, []).append((name, deceit, holds))
    for family, made in families.items():
        wrong = [f"{name} ({deceit})" for name, deceit, passed in made if passed]
        judge(not wrong, f"verificar passes no file of {len(made)}: {family}", "; ".join(wrong))


# What must not hold, for any of the judges.

def refused(program, prepared, work):
    """Files with one fault each, that pyHanko signed: all the judges must refuse them."""
    authority = program.authority
    controls = {}

    for name, person in (("vencida", "vencida"), ("ajena", "intruso"), ("revocada", "revocada"), ("sin-datos", "elaboro")):
        controls[name] = work / f"{name}.pdf"
        signer.sign(prepared, "elaboro", authority.folder / f"{person}.p12", authority, "B-T", controls[name])
    signer.add_validation_data(controls["revocada"], authority)
    good = work / "buena.pdf"
    signer.sign(prepared, "elaboro", authority.folder / "elaboro.p12", authority, "B-LTA", good)
    data = good.read_bytes()
    changed = {"truncada": data[:len(data) // 2], "byte-cambiado": flipped(data, 2000), "campo-tardio": late_field(data)}
    for name, content in changed.items():
        controls[name] = work / f"{name}.pdf"
        controls[name].write_bytes(content)
    of_dss = judges.dss(authority.root, *controls.values())
    for (name, file), from_dss in zip(controls.items(), of_dss):
        from_pyhanko = judges.pyhanko(file, authority.root)
        holds, ours, said = program.verify(file)
        three = {"pyHanko": all(v.clean for v in from_pyhanko), "EU DSS": all(v.clean for v in from_dss), "verificar": holds}
        if name == "campo-tardio":
            del three["EU DSS"]  # which minds nothing of a late field
        judge(not any(three.values()), f"{', '.join(three)} refuse: {name}",
              f"{three}; {'; '.join(map(str, from_pyhanko + from_dss))}; {said}")
        if name in ("vencida", "ajena", "revocada", "sin-datos"):
            judge([v.indication for v in from_pyhanko] == [v.indication for v in ours], f"verificar says what pyHanko says: {name}",
                  "; ".join(map(str, from_pyhanko + ours)))


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def late_field(data):
    """A tagged field that was not there when the file was signed and closed: it changes the structure tree."""
    pdf = Pdf(data)
    element, field = pdf.size + 1, pdf.size
    widget = (b"<</Type/Annot/Subtype/Widget/FT/Sig/T(tardia)/TU(Otra firma)/Rect[40 200 800 400]/F 132/P %d 0 R/StructParent 99>>"
              % pdf.pages[0])
    tree = references(get(pdf.catalog, b"/StructTreeRoot"))[0]
    kid = b"<</Type/StructElem/S/Form/P %d 0 R/K<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>>>" % (tree, pdf.pages[0], field)
    nums = get(pdf.resolve(get(pdf.body(tree), b"/ParentTree")), b"/Nums")[:-1] + b" 99 %d 0 R]" % element
    top = put(pdf.body(tree), ParentTree=b"<</Nums%s>>" % nums)
    fields = pdf.resolve(get(pdf.form, b"/Fields"))[:-1] + b" %d 0 R]" % field
    return pdf.update({**deceptions.annotated(pdf, 0, widget), element: kid, tree: top, **pdf.form_update(Fields=fields)})


# Another program signs our fields.

def another_signer(program, prepared, work):
    """pyHanko fills our empty fields at each level; it, EU DSS and `verificar` say the same."""
    authority = program.authority
    files = []
    for level in signer.LEVELS:
        files.append(work / f"pyhanko-{level}.pdf")
        signer.sign(prepared, "reviso", authority.folder / "reviso.p12", authority, level, files[-1])
    for level, file, from_dss in zip(signer.LEVELS, files, judges.dss(authority.root, *files)):
        [from_pyhanko] = judges.pyhanko(file, authority.root)
        holds, ours, said = program.verify(file)
        same = {verdict.indication for verdict in (from_pyhanko, *from_dss, *ours)}
        judge(len(same) == 1 == len(ours) and holds == from_pyhanko.passed, f"the same verdict on pyHanko's {level}",
              f"pyHanko {from_pyhanko}; EU DSS {'; '.join(map(str, from_dss))}; verificar {said}")
        if from_pyhanko.passed:  # EU DSS tells the level of what it cannot trust, too
            judge([verdict.level for verdict in ours] == [verdict.level for verdict in from_dss] == [f"PAdES-BASELINE-{level[2:]}"],
                  f"the same level of pyHanko's {level}", "; ".join(map(str, ours + from_dss)))
    three = prepared
    for role, level in zip(ROLES, ("B-LT", "B-LT", "B-LTA")):
        signed = work / f"pyhanko-{role}.pdf"
        signer.sign(three, role, authority.folder / f"{role}.p12", authority, level, signed)
        three = signed
    holds, _, said = program.verify(three)
    judge(holds, "verificar: three signatures of pyHanko's, B-LTA", said)

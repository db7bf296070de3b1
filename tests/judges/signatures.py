"""What programs that nobody here wrote say of the signatures in PDF files: pyHanko, EU DSS, qpdf, poppler, each as data."""

import asyncio
import datetime
import logging
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation, simulate_future_ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.poe import KnownPOE, POEType, digest_for_poe
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

DSS = Path(os.environ["JUDGES"]) / "dss"

logging.disable(logging.ERROR)


@dataclass
class Verdict:
    """What one judge says of one signature; of a file that it cannot read, or without signatures, too."""

    field: str
    indication: str  # in the words of EN 319 102-1
    sub: str = ""
    level: str = ""  # DSS's alone
    complaints: str = ""  # empty if there is nothing to be said

    @property
    def passed(self):
        return self.indication == "TOTAL_PASSED"

    @property
    def clean(self):
        return self.passed and not self.complaints

    def __str__(self):
        return " ".join(part for part in (self.field, self.indication, self.sub, self.level, self.complaints) if part)


def pyhanko(pdf, root, online=False, years=0):
    """Validates each signature of people as EN 319 102-1 asks; `years` from now, from what the file has in it today."""
    try:
        with open(pdf, "rb") as file:
            return asyncio.run(_pyhanko(file, root, online, years)) or [Verdict("", "NO_SIGNATURE")]
    except Exception as damage:  # of hostile files, whatever it is
        return [Verdict("", "UNREADABLE", complaints=f"{type(damage).__name__}: {damage}")]


async def _pyhanko(file, root, online, years):
    verdicts = []
    for signature in PdfFileReader(file).embedded_regular_signatures:
        try:
            signature.compute_integrity_info()
            policy = _policy(load_cert_from_pemder(str(root)), online, _seen(signature))
            if years:
                then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=365.25 * years)
                result = await simulate_future_ades_lta_validation(signature, policy, then)
            else:
                result = await ades_lta_validation(signature, policy)
        except PdfError as damage:
            verdicts.append(Verdict(signature.field_name, "TOTAL_FAILED", "FORMAT_FAILURE", complaints=str(damage)))
            continue
        status = result.ades_subindic.status.name
        level = result.api_status and result.api_status.modification_level
        passed = status == "PASSED"
        complaints = [] if passed else [result.failure_msg]  # what it says of a way that it did not need is none
        if level is None or level.name == "OTHER":
            complaints.append(f"modification level {level and level.name}")
        verdicts.append(Verdict(
            field=signature.field_name,
            indication=status if status == "INDETERMINATE" else f"TOTAL_{status}",
            sub="" if passed else result.ades_subindic.standard_name,
            complaints="; ".join(complaint for complaint in complaints if complaint),
        ))
    return verdicts


def _seen(signature):
    """The certificates in the file were seen when it was opened: without this pyHanko sees them a moment after its own clock's now."""
    certificates = [signature.signer_cert, *signature.other_embedded_certs]
    try:
        certificates += DocumentSecurityStore.read_dss(signature.reader).load_certs()
    except (NoDSSFoundError, ValueError):
        pass
    now = datetime.datetime.now(datetime.timezone.utc)
    return [KnownPOE(POEType.VALIDATION, digest_for_poe(certificate.dump()), now) for certificate in certificates]


def _policy(root, online, seen):
    """One anchor; for every certificate below it, CRL or OCSP must speak."""
    must = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
    revocation = CertRevTrustPolicy(RevocationCheckingPolicy(ee_certificate_rule=must, intermediate_ca_cert_rule=must))
    fetching = RevinfoOnlineFetchingRule.NO_HISTORICAL_FETCH if online else RevinfoOnlineFetchingRule.LOCAL_ONLY
    certificates = CertValidationPolicySpec(trust_manager=SimpleTrustManager.build([root]), revinfo_policy=revocation)
    return PdfSignatureValidationSpec(SignatureValidationSpec(
        cert_validation_policy=certificates,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(fetching),
        local_knowledge=LocalKnowledge(known_poes=seen),
    ))


def dss(root, *pdfs):
    """EU DSS, offline, all files in one start of Java: the verdicts of each, in their order."""
    command = ["java", "-Djava.awt.headless=true", "-Xmx2g", "-cp", f"{DSS}:{DSS}/*", "Judge", root, *pdfs]
    out = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    verdicts = {str(pdf): [] for pdf in pdfs}
    for line in out.splitlines():
        file, *columns = line.split("\t")
        verdicts[file].append(Verdict(*columns))
    return [verdicts[str(pdf)] for pdf in pdfs]


def qpdf(pdf):
    """What qpdf has to say of the file; empty if nothing."""
    check = subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, text=True)
    return "" if check.returncode == 0 else check.stdout + check.stderr


def pdfsig(pdf):
    """For each signature of a person, whether poppler finds it valid (the mathematics; it is given no anchor, and knows no timestamps)."""
    out = subprocess.run(["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True).stdout
    others = ("Signature Type: unknown", "field is not signed")
    signatures = [block for block in out.split("Signature #")[1:] if not any(other in block for other in others)]
    return ["Signature Validation: Signature is Valid." in block for block in signatures]

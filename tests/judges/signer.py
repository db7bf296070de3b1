"""pyHanko as a signer: fills our empty fields as another program would, at each level of PAdES."""

import asyncio
import urllib.request

from asn1crypto import crl, pem, x509
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


def sign(pdf, field, p12, authority, level, signed):
    """Signs the field of `pdf` with `p12`, at a level, into the file `signed`."""
    signer = signers.SimpleSigner.load_pkcs12(p12, passphrase=authority.passphrase.read_bytes().strip())
    stamper = None if level == "B-B" else timestamps.HTTPTimeStamper(authority.tsa)
    lasting = level in ("B-LT", "B-LTA")
    roots = [load_cert_from_pemder(str(authority.root))]
    about = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=lasting,
        use_pades_lta=level == "B-LTA",
        validation_context=ValidationContext(trust_roots=roots, allow_fetching=True) if lasting else None,
    )
    with open(pdf, "rb") as before, open(signed, "wb") as after:
        writer = IncrementalPdfFileWriter(before)
        asyncio.run(signers.async_sign_pdf(writer, about, signer, timestamper=stamper, output=after))


def add_validation_data(pdf, authority):
    """Adds the certificates and CRLs to the file, whatever they say: what an honest signer would refuse to do for a revoked one."""
    lists = [f"{authority.address}/tests/crls/{issuer}/latest.crl" for issuer in ("raiz", "subordinada")]
    certificates = [authority.folder / f"{name}.pem" for name in ("raiz", "subordinada")]
    with open(pdf, "r+b") as file:
        DocumentSecurityStore.add_dss(
            file, None,
            certs=[x509.Certificate.load(pem.unarmor(one.read_bytes())[2]) for one in certificates],
            crls=[crl.CertificateList.load(urllib.request.urlopen(one).read()) for one in lists])

"""A token in software, SoftHSM2, in a folder of its own, with one key and its certificates."""

import os
import subprocess
from pathlib import Path

from asn1crypto import pem, x509

PIN = "246810"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def make(folder, key, certificate, others, label):
    """Puts a key (PKCS#8, DER) into a new token; its module, and the file with its PIN. Whoever uses it needs SOFTHSM2_CONF."""
    tokens = folder / "tokens"
    tokens.mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n", encoding="utf-8")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    os.chmod(folder, 0o700)
    clear = folder / "token-key.pem"
    clear.write_bytes(pem.armor("PRIVATE KEY", Path(key).read_bytes()))
    hsm = ["softhsm2-util", "--token", "ensayo", "--pin", PIN]
    subprocess.run([*hsm, "--init-token", "--free", "--label", "ensayo", "--so-pin", PIN], check=True, capture_output=True)
    subprocess.run([*hsm, "--import", str(clear), "--label", label, "--id", "01"], check=True, capture_output=True)
    clear.unlink()
    module = next(path for path in MODULES if Path(path).exists())
    put_certificates(module, certificate, others, label)
    pin = folder / "pin.txt"
    pin.write_text(PIN + "\n", encoding="utf-8")
    return module, pin


def put_certificates(module, certificate, others, label):
    import pkcs11  # after SOFTHSM2_CONF is there: the module reads it when it is loaded

    token = pkcs11.lib(module).get_token(token_label="ensayo")
    with token.open(rw=True, user_pin=PIN) as session:
        for place, file in enumerate([certificate, *others], 1):
            der = pem.unarmor(Path(file).read_bytes())[2]
            parsed = x509.Certificate.load(der)
            session.create_object({
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.PRIVATE: False,
                pkcs11.Attribute.LABEL: label if place == 1 else f"emisor {place}",
                pkcs11.Attribute.ID: bytes([place]),
                pkcs11.Attribute.SUBJECT: parsed.subject.dump(),
                pkcs11.Attribute.ISSUER: parsed.issuer.dump(),
                pkcs11.Attribute.SERIAL_NUMBER: parsed["tbs_certificate"]["serial_number"].dump(),
                pkcs11.Attribute.VALUE: der,
            })

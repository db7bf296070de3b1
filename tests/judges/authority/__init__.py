"""The authority of the judges, in a thread of its own, on loopback: OCSP, CRLs, certificates and RFC 3161 timestamps by certomancer."""

import datetime
import threading
from pathlib import Path

import asn1crypto.pem
from certomancer.integrations import animator
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from werkzeug.serving import WSGIRequestHandler, make_server

HERE = Path(__file__).resolve().parent
KEYS = HERE.parents[1] / "data/autoridad"
PEOPLE = ("elaboro", "reviso", "aprobo", "revocada", "vencida")


def whole_seconds():
    """RFC 5280 and RFC 6960 want times without fractions."""
    return datetime.datetime.now(tz=datetime.timezone.utc).replace(microsecond=0)


animator._now = whole_seconds


class Silent(WSGIRequestHandler):
    def log(self, *_):
        pass


class Authority:
    """Serves for as long as its `with` lasts; `folder` then has root, certificates and PKCS#12 files, passphrase in `clave.txt`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.requests = 0
        self.server = make_server("127.0.0.1", 0, self.answer, threaded=True, request_handler=Silent)
        self.address = f"http://127.0.0.1:{self.server.port}"
        text = (HERE / "authority.yml").read_text(encoding="utf-8")
        config = CertomancerConfig.from_yaml(text, key_search_dir=str(KEYS), external_url_prefix=self.address)
        self.archs = config.pki_archs
        self.application = animator.Animator(animator.AnimatorArchStore(self.archs), with_web_ui=False)
        self.tsa = f"{self.address}/tests/tsa/sello"
        self.root = self.folder / "raiz.pem"
        self.passphrase = self.folder / "clave.txt"

    def answer(self, environ, start_response):
        self.requests += 1
        return self.application(environ, start_response)

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.passphrase.write_bytes((KEYS / "clave.txt").read_bytes())
        self.write("tests", "raiz", "subordinada", *PEOPLE)
        self.write("ajenos", "ajena", "intruso")
        for name in PEOPLE:
            self.package("tests", name)
        self.package("ajenos", "intruso")
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def write(self, arch, *names):
        for name in names:
            der = self.archs[ArchLabel(arch)].get_cert(CertLabel(name)).dump()
            (self.folder / f"{name}.pem").write_bytes(asn1crypto.pem.armor("CERTIFICATE", der))

    def package(self, arch, name):
        password = self.passphrase.read_text(encoding="utf-8").strip().encode()
        p12 = self.archs[ArchLabel(arch)].package_pkcs12(CertLabel(name), password=password)
        (self.folder / f"{name}.p12").write_bytes(p12)

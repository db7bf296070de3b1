"""PDF/A-3a and PDF/UA-1, by veraPDF."""

import os
from pathlib import Path

from score import judge, run

VERAPDF = Path(os.environ["JUDGES"]) / "verapdf-1.30.2.jar"


def standards(reports):
    """All files in one start of Java for each standard."""
    for flavour, standard in (("3a", "PDF/A-3a"), ("ua1", "PDF/UA-1")):
        out = run("java", "-Djava.awt.headless=true", "-jar", VERAPDF, "--format", "text", "--verbose",
                  "-f", flavour, *reports).stdout
        for report in reports:
            judge(f"PASS {report} {flavour}" in out.splitlines(), f"{standard}: {report.parent.name}/{report.name}",
                  out)

"""The catalogue of an archive: its HTML by the Nu Html Checker, its accessibility by axe in Chromium."""

import json
import os
from pathlib import Path

from browser import Browser
from score import attempt, judge, run

JUDGES = Path(os.environ["JUDGES"])
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def catalogue(pages):
    """Each page as HTML; and as a telephone and a desk show it, by day and by night."""
    attempt(html, pages)
    axe = (JUDGES / "axe.js").read_text(encoding="utf-8")
    with Browser() as browser:
        for page in pages:
            for width in (360, 1440):
                for scheme in ("light", "dark"):
                    attempt(accessible, browser, axe, page, width, scheme)


def html(pages):
    checked = run("java", "-cp", f"{JUDGES / 'vnu'}/*", "nu.validator.client.SimpleCommandLineValidator",
                  "--format", "json", "--exit-zero-always", *pages)
    told = [f"{message.get('url')}, line {message.get('lastLine')}: {message['message']}"
            for message in json.loads(checked.stderr)["messages"]]
    judge(not told, f"HTML: {len(pages)} pages", "\n".join(told))


def accessible(browser, axe, page, width, scheme):
    """No violation, and nothing that axe leaves for people to judge; no more than the screen's width, whatever the names."""
    name = f"{page.name}, {width} px, {scheme}"
    browser.open(page, width, scheme)
    browser.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    browser.unroll(width)
    # What is too wide may be cut off, so that the page is no wider for it: the boxes tell.
    wide = browser.evaluate("Math.max(...[...document.querySelectorAll('body *')].map(box => box.getBoundingClientRect().right))")
    judge(wide <= width, f"fits: {name}", f"{wide} px wide")
    browser.evaluate(axe)
    result = browser.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}, resultTypes: ['violations', 'incomplete']}})")
    told = [f"{rule['id']}: {node['html']}: {node.get('failureSummary')}"
            for kind in ("violations", "incomplete") for rule in result[kind] for node in rule["nodes"]]
    judge(not told and len(result["passes"]) >= 20, f"axe, {len(result['passes'])} rules: {name}", "\n".join(told))

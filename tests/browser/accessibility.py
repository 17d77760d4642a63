"""What axe-core finds on a page: violations of WCAG 2.2, levels A and AA."""

import json

from include.config.settings import ROOT
from tests.browser.devtools import Page

AXE = ROOT / ".venv-stores" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """axe.run(document, {runOnly: %s, resultTypes: ['violations']}).then(found =>
  JSON.stringify(found.violations.map(({id, help, nodes}) =>
    [id, help, nodes.slice(0, 4).map(node => node.html.slice(0, 200) + ' ' +
      (node.any[0] ? node.any[0].message : ''))])))"""


def find_violations(page: Page) -> list[str]:
    """Return each rule that the page breaks, with elements that break it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.call(
        "Runtime.evaluate", expression=RUN % json.dumps(LEVELS), awaitPromise=True,
        returnByValue=True,
    )  # fmt: skip
    assert "exceptionDetails" not in found, found
    return [
        f"{rule}: {text}: {nodes}" for rule, text, nodes in json.loads(found["result"]["value"])
    ]

"""
Write one Great Expectations Data Docs page per run, with the gate's figures, that works offline.

Stock pages load fifteen files from other hosts and a tracking image. These load only the assets
that `npm ci` installed at build time, copied beside the pages; without assets they are unstyled but
complete. A Content-Security-Policy in each page forbids everything else. Pages hold figures and
rules: no text of a story, no name of an outlet.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.errors import SuiteError
from include.quality.checks.great_expectations import open_context, say
from include.quality.suites.describe import state_bound
from include.quality.suites.rules import Rule, Suite

MODULES = Path(__file__).parent / "data_docs_assets" / "node_modules"
ASSETS = {  # part of the URL that a stock page requests → the vendored file
    "/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "/bootstrap.min.js": "bootstrap/dist/js/bootstrap.min.js",
    "/jquery-": "jquery/dist/jquery.min.js",
    "/popper.min.js": "popper.js/dist/umd/popper.min.js",
    "font-awesome": "@fortawesome/fontawesome-free/css/all.min.css",
    "/bootstrap-table.min.css": "bootstrap-table/dist/bootstrap-table.min.css",
    "/bootstrap-table.min.js": "bootstrap-table/dist/bootstrap-table.min.js",
}
FONTS = "@fortawesome/fontawesome-free/webfonts"  # all.min.css asks for ../webfonts
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'self' file: 'unsafe-inline'; script-src 'self' file: 'unsafe-inline'; "
    "font-src 'self' file:; img-src 'self' file: data:\"><style>footer { display: none }</style>"
)
TAG = re.compile(r"<(?:link|img)\b[^>]*>|<script\b[^>]*\bsrc=[^>]*>\s*</script>", re.S)
REMOTE_CSS = re.compile(r"url\(\s*['\"]?(?:https?:)?//[^)]*\)")
LINK = re.compile(r'<a\s[^>]*href="(?:https?://|\.\./)[^"]*"[^>]*>(.*?)</a>', re.S)
KEPT = 50  # pages; GX's own file context would re-render its index of all pages on every run


def document_run(checks: pa.Table, suite: Suite, run_key: str, folder: Path) -> Path:
    """
    Write a run's page and its assets into a folder, and an index of the latest pages.

    Args:
        checks: one row, the check columns of the suite. run_key: safe as a file name.
    Raises:
        SuiteError: Great Expectations rejected the suite.
    """
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    _copy_assets(folder / "assets")
    page = folder / f"{run_key}.html"
    page.write_text(make_offline(_render(checks, suite, run_key)), encoding="utf-8")
    pages = sorted(folder.glob("*.html"), key=lambda path: path.stat().st_mtime, reverse=True)
    pages = [path for path in pages if path.name != "index.html"]
    for old in pages[KEPT:]:
        old.unlink(missing_ok=True)
    _write_index(folder, pages[:KEPT])
    return page


def make_offline(html: str) -> str:
    """Give the page with only local assets and no links to other sites."""
    local = REMOTE_CSS.sub("none", TAG.sub(_localise, html))
    return LINK.sub(r"\1", local).replace("<head>", f"<head>{POLICY}", 1)


def _localise(tag: re.Match[str]) -> str:
    """Give the tag pointing to its local asset; '' if there is none."""
    for url_part, file in ASSETS.items():
        if url_part in tag[0]:
            name = f"assets/{_flat(file)}"
            if file.endswith(".css"):
                return f'<link rel="stylesheet" href="{name}">'
            return f'<script src="{name}"></script>'
    return ""


def _flat(file: str) -> str:
    """Give an asset's path in `assets/`; stylesheets look for fonts in `../webfonts`."""
    return f"css/{Path(file).name}" if file.endswith(".css") else f"js/{Path(file).name}"


def _copy_assets(target: Path) -> None:
    """Copy the assets vendored at build time that are not there yet."""
    wanted = {_flat(file): MODULES / file for file in ASSETS.values()}
    fonts = sorted((MODULES / FONTS).glob("*.woff2"))
    wanted |= {f"webfonts/{font.name}": font for font in fonts}
    for name, source in wanted.items():
        copy = target / name
        if source.exists() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)


def _render(checks: pa.Table, suite: Suite, run_key: str) -> str:
    """Run the suite as a checkpoint on the run's one row; give the HTML page GX renders."""
    gx, context = open_context()
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    asset = context.data_sources.add_pandas(suite.name).add_dataframe_asset(run_key)
    try:
        expectations = [_expectation(rule, checks) for rule in suite.rules]
        definition = gx.ValidationDefinition(
            name=suite.name,
            data=asset.add_batch_definition_whole_dataframe(suite.name),
            suite=context.suites.add(gx.ExpectationSuite(suite.name, expectations=expectations)),
        )
        checkpoint = gx.Checkpoint(
            name=suite.name,
            validation_definitions=[context.validation_definitions.add(definition)],
            result_format="SUMMARY",
        )
        outcome = context.checkpoints.add(checkpoint).run(
            batch_parameters={"dataframe": checks.to_pandas()},
            run_id=gx.RunIdentifier(run_name=run_key),
        )
    except (gx.exceptions.GreatExpectationsError, ValueError, TypeError) as exc:
        raise SuiteError(f"{suite.name}: data docs", str(exc), "Fix the suite.") from exc
    (result,) = outcome.run_results.values()
    page: str = DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(result))
    return page


def _expectation(rule: Rule, checks: pa.Table) -> dict[str, Any]:
    """Give an expectation described by the rule's id, severity, figure, bound and note."""
    figure = say(checks[rule.column][0].as_py())
    description = (
        f"{rule.id} ({rule.severity}): {figure}; the bound is {state_bound(rule)}. {rule.note}"
    )
    return {
        "type": rule.expect,
        "kwargs": dict(rule.kwargs),
        "severity": rule.severity,
        "meta": {"rule": rule.id},
        "description": description,
    }


def _write_index(folder: Path, pages: list[Path]) -> None:
    rows = "\n".join(
        f"<li>{datetime.fromtimestamp(page.stat().st_mtime, UTC):%Y-%m-%d %H:%M} UTC "
        f'<a href="{escape(page.name)}">{escape(page.stem)}</a></li>'
        for page in pages
    )
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{POLICY}'
        '<link rel="stylesheet" href="assets/css/bootstrap.min.css"><title>Runs</title></head>'
        f'<body class="m-4"><h1>Runs at the gate</h1><ul>\n{rows}\n</ul></body></html>'
    )
    (folder / "index.html").write_text(html, encoding="utf-8")

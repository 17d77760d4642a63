"""Dashboard and rules ask for metrics that really come, with labels that they really have."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from include.config.settings import ROOT
from include.telemetry.signals import METRICS

FOLDER = ROOT / "docs" / "monitoring"
UNITS = {"s": "_seconds", "By": "_bytes"}


def prometheus_names(metrics) -> dict[str, set[str]]:
    """Give the names and labels that the collector's Prometheus exporter makes of metrics."""
    names: dict[str, set[str]] = {}
    for metric in metrics:
        data = metric.WhichOneof("data")
        name = metric.name.replace(".", "_") + UNITS.get(metric.unit, "")
        labels = {a.key for point in getattr(metric, data).data_points for a in point.attributes}
        if data == "histogram":
            made = [f"{name}_{part}" for part in ("bucket", "sum", "count")]
            labels |= {"le"}
        else:
            made = [f"{name}_total" if data == "sum" else name]
        for one in made:
            names.setdefault(one, set()).update(labels)
    return names


def expressions() -> list[str]:
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return panels + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_every_metric_that_is_asked_for_comes_and_every_one_is_shown(measured) -> None:
    asked = {name for text in expressions() for name in re.findall(r"copydesk_\w+", text)}
    names = prometheus_names(measured.collector.metrics())
    assert asked <= set(names)
    stems = {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
    assert stems == {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}


def test_every_label_that_is_asked_for_comes(measured) -> None:
    names = prometheus_names(measured.collector.metrics())
    for text in expressions():
        (first, *_) = re.findall(r"copydesk_\w+", text)
        used = set(re.findall(r"(\w+)!?=~?\"", text))
        for group in re.findall(r"by \(([^)]*)\)", text):
            used |= {label.strip() for label in group.split(",")}
        assert used <= names[first], text


def test_every_legend_is_a_label_of_its_query() -> None:
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                assert re.search(rf"by \([^)]*\b{label}\b", target["expr"])


@pytest.mark.parametrize("name", ["otel-collector", "prometheus", "alerts"])
def test_the_files_fit_together(name) -> None:
    collector, prometheus, alerts = (
        yaml.safe_load((FOLDER / f"{part}.yaml").read_text(encoding="utf-8"))
        for part in ("otel-collector", "prometheus", "alerts")
    )
    if name == "otel-collector":
        for pipeline in collector["service"]["pipelines"].values():
            for kind, parts in pipeline.items():
                assert set(parts) <= set(collector[kind])
        assert "deltatocumulative" in collector["service"]["pipelines"]["metrics"]["processors"]
    elif name == "prometheus":
        port = collector["exporters"]["prometheus"]["endpoint"].rsplit(":", 1)[1]
        ((target,),) = (
            c["targets"] for s in prometheus["scrape_configs"] for c in s["static_configs"]
        )
        assert target == f"collector:{port}"
        assert prometheus["rule_files"] == ["alerts.yaml"]
    else:
        page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").lower()
        for rule in (rule for group in alerts["groups"] for rule in group["rules"]):
            anchor = rule["annotations"]["runbook"].partition("#")[2]
            assert f"### {anchor.replace('alert-', 'alert ', 1)}\n" in page


def test_the_docs_list_every_metric_with_its_labels() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    for metric in METRICS:
        labels = "; ".join(f"{k}: {', '.join(v)}" for k, v in metric.labels.items())
        assert f"| `{metric.name}` | {metric.unit} | {labels} | {metric.meaning} |\n" in page


def test_the_services_for_monitoring_are_as_confined_as_the_others() -> None:
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert str(service["user"]) not in ("0", "root")
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists()

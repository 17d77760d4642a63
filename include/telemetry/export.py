"""
Send signals to an OpenTelemetry collector, by OTLP over HTTP.

The collector's address and headers come from OpenTelemetry's own variables
(`OTEL_EXPORTER_OTLP_ENDPOINT`, …), which its packages read. Counters and histograms are sent as
differences: each task is a process of its own, whose totals would begin at zero again.

A collector that is down costs a process `TIMEOUT_S` at its end, and nothing fails.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

from include.telemetry import signals
from include.telemetry.signals import METRICS, Kind, Metric

TIMEOUT_S = 3.0
SERVICE = "copydesk"
# Seconds. A step of the sample takes 0.01 to 3 s, one of a batch of 32 MB a minute, and a lag is
# at worst a gate that stayed closed over a weekend.
BOUNDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0,
          14_400.0, 86_400.0, 259_200.0)  # fmt: skip


class OtlpSpan:
    """A span of the SDK, current until it ends."""

    def __init__(self, tracer: Any, name: str) -> None:
        self._manager = tracer.start_as_current_span(name, record_exception=False)
        self._span = self._manager.__enter__()

    def end(self, error: str | None) -> None:
        """End it; only the error's class is kept, since a message may quote a file's name."""
        if error is not None:
            from opentelemetry.trace import Status, StatusCode

            self._span.set_status(Status(StatusCode.ERROR, error))
            self._span.set_attribute("error.type", error)
        self._manager.__exit__(None, None, None)


class OtlpExporter:
    """Metrics and spans of one process, sent when it finishes."""

    def __init__(self) -> None:
        from opentelemetry.sdk.resources import Resource

        resource = Resource.create()  # with OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES
        if str(resource.attributes["service.name"]).startswith("unknown_service"):
            resource = resource.merge(Resource({"service.name": SERVICE}))
        self._meters = _make_meters(resource)
        self._traces, self._own_traces = _find_traces(resource)
        self._tracer = self._traces.get_tracer(SERVICE)
        meter = self._meters.get_meter(SERVICE)
        make = {
            Kind.COUNTER: meter.create_counter,
            Kind.GAUGE: meter.create_gauge,
            Kind.HISTOGRAM: meter.create_histogram,
        }
        self._instruments = {
            metric.name: make[metric.kind](metric.name, metric.unit, metric.meaning)
            for metric in METRICS
        }

    def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
        """Add to a counter, set a gauge, or add a value to a histogram."""
        instrument = self._instruments[metric.name]
        report = {Kind.COUNTER: "add", Kind.GAUGE: "set", Kind.HISTOGRAM: "record"}[metric.kind]
        getattr(instrument, report)(value, dict(labels))

    def span(self, name: str) -> OtlpSpan:
        """Start a span, as a child of the current one, such as Airflow's of the task."""
        return OtlpSpan(self._tracer, f"copydesk.{name}")

    def close(self) -> None:
        """Send what is left. Errors are logged by the packages."""
        timeout_ms = int(TIMEOUT_S * 1000)
        self._meters.force_flush(timeout_ms)  # without a thread, `shutdown` sends nothing
        self._meters.shutdown(timeout_millis=timeout_ms)
        if self._own_traces:
            self._traces.shutdown()
        else:
            self._traces.force_flush(timeout_ms)


def start() -> None:
    """Begin to send this process's signals, unless it does so already."""
    if not signals.is_on():
        signals.install(OtlpExporter())


def finish() -> None:
    """Send what this process measured, and stop measuring."""
    exporter = signals.install(None)
    if isinstance(exporter, OtlpExporter):
        try:
            exporter.close()
        except Exception as exc:  # of whatever class: the work is done, and must not fail now
            logging.getLogger("copydesk.telemetry").warning(
                "the metrics of this process were not sent: %s", type(exc).__name__
            )


def _make_meters(resource: Any) -> Any:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
    from opentelemetry.sdk.metrics.export import (
        AggregationTemporality,
        PeriodicExportingMetricReader,
    )
    from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View

    delta: dict[type, AggregationTemporality] = dict.fromkeys(
        (Counter, Histogram), AggregationTemporality.DELTA
    )
    exporter = OTLPMetricExporter(timeout=TIMEOUT_S, preferred_temporality=delta)
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=math.inf)
    buckets = ExplicitBucketHistogramAggregation(BOUNDS)
    view = View(instrument_type=Histogram, aggregation=buckets)
    return MeterProvider([reader], resource, shutdown_on_exit=False, views=[view])


def _find_traces(resource: Any) -> tuple[Any, bool]:
    """Return the provider of spans, and whether it is ours: Airflow's, if its traces are on."""
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    current = trace.get_tracer_provider()
    if isinstance(current, TracerProvider):
        return current, False
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=TIMEOUT_S)))
    return provider, True

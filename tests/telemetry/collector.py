"""An OpenTelemetry collector on this machine: keeps what arrives at /v1/metrics and /v1/traces."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collector:
    """What arrived: the bytes by path."""

    url: str
    bodies: list[tuple[str, bytes]] = field(default_factory=list)

    def metrics(self) -> Iterator[Any]:
        """Yield every metric of every request, in order of arrival."""
        for path, body in self.bodies:
            if path == "/v1/metrics":
                for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                    for scope in resource.scope_metrics:
                        yield from scope.metrics

    def points(self, name: str) -> Iterator[tuple[dict[str, str], Any]]:
        """Yield the labels and value of every point of a metric; a histogram's value is its sum."""
        for metric in self.metrics():
            if metric.name == name:
                data = getattr(metric, metric.WhichOneof("data"))
                for point in data.data_points:
                    labels = {a.key: a.value.string_value for a in point.attributes}
                    value = (
                        point.sum
                        if hasattr(point, "bucket_counts")
                        else getattr(point, point.WhichOneof("value"))
                    )
                    yield labels, value

    def spans(self) -> Iterator[Any]:
        """Yield every span."""
        for path, body in self.bodies:
            if path == "/v1/traces":
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        yield from scope.spans


@contextmanager
def serve_collector() -> Iterator[Collector]:
    """Serve a collector while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collector.bodies.append((self.path, body))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield collector
        server.shutdown()
        thread.join()

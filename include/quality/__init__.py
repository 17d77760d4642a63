"""The quality desk: suites, the judge, the run gate. The only home of Great Expectations."""

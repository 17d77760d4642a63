#!/usr/bin/env bash
# Test the lowest and the newest allowed versions of what writes and judges: duckdb, deltalake,
# Great Expectations, Airflow. Each in an environment of its own beside .venv; needs a registry.
#
#   .ci/versions.sh              all combinations (about 40 minutes on two cores)
#   .ci/versions.sh lowest       one of: lowest, newest
#
# Lowest is the lowest version that requirements.in allows, newest what the registry has today within
# its bounds; everything else stays at the lock's versions.
set -euo pipefail
cd "$(dirname "$0")/.."

WRITERS=(duckdb deltalake great-expectations apache-airflow pyarrow polars)
# Rooms that call these packages; the rest of the tests cannot depend on their versions.
TESTS=(tests/lake tests/warehouse tests/quality tests/pipeline tests/airflow/test_dags.py)

run() { # run lowest|newest
  local which=$1 folder=.venv-$1
  echo "== $which"
  python3 -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --require-hashes -r requirements-uv.txt
  local uv=("$folder/bin/python" -m uv --quiet) strategy=highest
  [ "$which" = lowest ] && strategy=lowest-direct
  # the lock, less what is to vary
  local pattern
  pattern=$(IFS='|'; echo "^(${WRITERS[*]})(-core|-task-sdk)?==")
  grep -E '^[A-Za-z0-9._-]+==' requirements.txt requirements-dev.txt --no-filename \
    | sed 's/ *\\$//' | grep -vE "$pattern" | grep -v '^apache-airflow' | sort -u > "$folder/kept.txt"
  grep -v '^-c ' requirements-dev.in > "$folder/dev.in"  # that lock pins what is to vary
  "${uv[@]}" pip compile requirements.in "$folder/dev.in" --resolution "$strategy" \
    --python "$folder/bin/python" --constraint "$folder/kept.txt" --no-header --no-annotate \
    -o "$folder/versions.txt"
  "${uv[@]}" pip install --python "$folder/bin/python" -r "$folder/versions.txt"
  for name in "${WRITERS[@]}"; do
    "$folder/bin/python" -c "from importlib.metadata import version; print('$name', version('$name'))"
  done
  PYTHONPATH=. "$folder/bin/python" -m pytest -n 2 -m "not airflow and not remote and not faults" "${TESTS[@]}"
}

for which in "${@:-lowest newest}"; do
  for one in $which; do run "$one"; done
done

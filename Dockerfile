# The image of every Airflow service in docker-compose.yaml.
#
# What pages of Data Docs load is fetched first, as `make assets` does, so that they need no internet
# later. Of this stage only the packages are kept.
FROM node:22.21.1-bookworm-slim AS assets
WORKDIR /assets
COPY include/quality/gate/data_docs_assets/package.json include/quality/gate/data_docs_assets/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# The official image gives the system, its user and its entrypoint. Copydesk and the Airflow it is
# tested with live in an environment of their own: nothing but what the lock names is imported.
FROM apache/airflow:3.3.2-python3.11

# Folders that a fresh named volume takes its owner from: 50000 is the image's user `airflow`.
USER root
RUN install -d -o 50000 -g 0 -m 0775 /opt/copydesk /opt/airflow/logs /data /data/inbox
USER 50000:0

WORKDIR /opt/copydesk
ENV PATH=/opt/copydesk/.venv/bin:$PATH \
    PYTHONPATH=/opt/copydesk \
    PYTHONUNBUFFERED=1 \
    GX_ANALYTICS_ENABLED=false \
    SCARF_ANALYTICS=false \
    DO_NOT_TRACK=1

# pip compiles what it installs. Never set PYTHONDONTWRITEBYTECODE here: it doubles every start.
COPY --chown=50000:0 requirements-production.txt ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
        --requirement requirements-production.txt \
    && .venv/bin/pip check

COPY --chown=50000:0 .env.example ./
COPY --chown=50000:0 include ./include
COPY --from=assets --chown=50000:0 /assets/node_modules ./include/quality/gate/data_docs_assets/node_modules
COPY --chown=50000:0 plugins ./plugins
COPY --chown=50000:0 dags ./dags
RUN python -m compileall -q include plugins dags

# `airflow celery worker` finishes its tasks on SIGTERM; `airflow standalone` is not used here.
STOPSIGNAL SIGTERM

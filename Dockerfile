# The image of every Airflow service in docker-compose.yaml.
#
# The official image provides the system, its user and its entrypoint. Copydesk and the Airflow it is
# tested with have their own virtual environment, so only locked packages are imported.
FROM apache/airflow:3.3.2-python3.11

# A new named volume takes its owner from these folders: 50000 is the image's user `airflow`.
USER 0
RUN install -d -o 50000 -g 0 -m 0775 /opt/copydesk /opt/airflow/logs /data /data/inbox /scratch
USER 50000:0

WORKDIR /opt/copydesk
ENV PATH=/opt/copydesk/.venv/bin:$PATH \
    PYTHONPATH=/opt/copydesk \
    PYTHONUNBUFFERED=1 \
    GX_ANALYTICS_ENABLED=false \
    SCARF_ANALYTICS=false \
    DO_NOT_TRACK=1

# pip compiles what it installs. Never set PYTHONDONTWRITEBYTECODE here: it doubles every start-up time.
COPY --chown=50000:0 requirements-production.txt ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
        --requirement requirements-production.txt \
    && .venv/bin/pip check

COPY --chown=50000:0 .env.example ./
COPY --chown=50000:0 include ./include
COPY --chown=50000:0 plugins ./plugins
COPY --chown=50000:0 dags ./dags
RUN python -m compileall -q include plugins dags

# `airflow celery worker` finishes its tasks on SIGTERM; `airflow standalone` is not used here.
STOPSIGNAL SIGTERM

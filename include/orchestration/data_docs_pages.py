"""
Serve Data Docs pages from Airflow's web server: read-only, to users who may see the DAG.
"""

from __future__ import annotations

from pathlib import Path

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse

DAG_ID = "ingest_pages"


def make_app(folder: Path) -> FastAPI:
    """Return an app that serves the files below a folder, and nothing else."""
    may_see = requires_access_dag("GET", DagAccessEntity.TASK_INSTANCE, DAG_ID)
    app = FastAPI(title="Data Docs", docs_url=None, openapi_url=None)

    @app.get("/{path:path}", dependencies=[Depends(may_see)])
    def page(path: str) -> FileResponse:
        file = (folder / (path or "index.html")).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            raise HTTPException(404, "No such page: see /data-docs/ for those of the last runs.")
        return FileResponse(file)

    return app

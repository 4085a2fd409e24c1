"""Where the real files by strangers lie. They are read from there, never copied into the project."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = Path(os.environ.get("SAMPLES_DIR", ROOT.parent / "shared/samples"))


def sample(name: str) -> Path:
    """The path of a sample, e.g. `organisations/medias_francais.tsv`; says so plainly when it is not there."""
    path = SAMPLES / name
    assert path.exists(), f"{name} is not in {SAMPLES}: set SAMPLES_DIR"
    return path

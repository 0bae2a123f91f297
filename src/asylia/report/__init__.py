"""Redact, page, maps, charts, export: what leaves the house, and nothing leaves unredacted."""

from __future__ import annotations

from pathlib import Path

from asylia.report import export, workbook
from asylia.report import page as pages
from asylia.report import redact as redaction
from asylia.report.provision import notes
from asylia.report.redact import Findings

__all__ = ["write_provisioning", "write_report"]


def write_provisioning(findings: Findings, folder: Path, *, audience: str = "public") -> list[Path]:
    """Write the tables of provisioning alone: CSV with a row of HXL tags, and one workbook.

    Parameters
    ----------
    audience
        `public` or `partners`; decides what `report.redact` lets through.
    """
    dossier = redaction.redact(findings, audience)
    tables = {**dossier.provision, "needs": dossier.needs}
    files: dict[str, str | bytes] = {
        f"{name}.csv": export.csv_text(table, hxl=True) for name, table in tables.items()
    }
    files["provisioning.xlsx"] = workbook.workbook_bytes(dossier.provision, notes(dossier))
    return [export.put(folder / name, content) for name, content in files.items()]


def write_report(
    findings: Findings, folder: Path, *, audience: str = "public", hxl: bool = False
) -> list[Path]:
    """Write the report of a study: a page that stands alone, tables, maps and a manifest.

    Parameters
    ----------
    folder
        Made if it is not there. Each file is written whole or not at all.
    audience
        `public` or `partners`; decides what `report.redact` lets through.
    hxl
        Whether the CSV files carry a row of HXL tags under their header.

    Returns
    -------
    The files written: report.html first, manifest.json last.
    """
    dossier = redaction.redact(findings, audience)
    tables = export.frames(dossier)
    files: dict[str, str | bytes] = {"report.html": pages.write_page(dossier)}
    files |= {f"data/{name}.csv": export.csv_text(table, hxl=hxl) for name, table in tables.items()}
    files |= {f"data/{name}.parquet": export.parquet_bytes(tables[name]) for name in ("verdict", "series")}
    if dossier.provision:
        files["provisioning.xlsx"] = workbook.workbook_bytes(dossier.provision, notes(dossier))
    files["zones.geojson"] = export.json_text(export.zones_geojson(dossier))
    files["places.geojson"] = export.json_text(export.places_geojson(dossier))
    files["findings.json"] = export.json_text(dossier)
    manifest = {
        **dossier.manifest,
        "audience": dossier.audience,
        "licences": dossier.licences,
        "files": list(files),
    }
    files["manifest.json"] = export.json_text(manifest)
    return [export.put(folder / name, content) for name, content in files.items()]

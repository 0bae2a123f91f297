"""A case folder broken in many ways: each gets a clear problem, exit 2 and no traceback, and nothing is written.

Every entry says how to break the folder, and what must be told: file, words that mark the line, column, words of what
must hold, words of the mend.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from case_folders import append, copy_case, line_of, make_case_folder, replace_text
from faults import Break, Fault, add, swap, write


def zipped(folder: Path) -> None:
    """A zip bomb in the small: 200 MB of zeros in about 200 kB."""
    (folder / "events.csv").unlink()
    with zipfile.ZipFile(folder / "events.csv", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 200_000_000)


def sparse(folder: Path) -> None:
    with (folder / "events.csv").open("wb") as handle:
        handle.truncate(2_000_000_000)


def link(folder: Path, name: str, target: Path) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(target)


def leave_folder(folder: Path) -> None:
    outside = folder.parent / "outside.csv"
    (folder / "people.csv").rename(outside)
    link(folder, "people.csv", outside)


def link_plans(folder: Path) -> None:
    outside = folder.parent / "plans elsewhere"
    (folder / "plans").rename(outside)
    (folder / "plans").symlink_to(outside)


def pipe(folder: Path) -> None:
    (folder / "people.csv").unlink()
    os.mkfifo(folder / "people.csv")


def directory(folder: Path) -> None:
    (folder / "people.csv").unlink()
    (folder / "people.csv").mkdir()


def latin(folder: Path) -> None:
    text = (folder / "places.csv").read_text(encoding="utf-8").replace("مطحنة", "").replace("مدينة", "")
    (folder / "places.csv").write_bytes(text.replace("Ford,", "Förd,", 1).encode("latin-1"))


def semicolons(folder: Path) -> None:
    text = (folder / "routes.csv").read_text(encoding="utf-8")
    (folder / "routes.csv").write_text(text.replace(",", ";"), encoding="utf-8")


def tabs(folder: Path) -> None:
    text = (folder / "routes.csv").read_text(encoding="utf-8")
    (folder / "routes.csv").write_text(text.replace(",", "\t"), encoding="utf-8")


def excel(folder: Path) -> None:
    (folder / "closures.csv").rename(folder / "closures.xlsx")


def geometry(coordinates: object, kind: str = "Polygon") -> Break:
    def do(folder: Path) -> None:
        data = json.loads((folder / "boundaries.geojson").read_text(encoding="utf-8"))
        data["features"][0]["geometry"] = {"type": kind, "coordinates": coordinates}
        (folder / "boundaries.geojson").write_text(json.dumps(data), encoding="utf-8")

    return do


EVENT = ",2026-01-12,mill-town,1,{deaths},all,near,survey-2025,assumed\n"
PERSON = "{date},{days},{measure},idp,{area},,,{persons},survey-2025,{evidence},\n"
PLAN = "plans/ford-zone.toml"
STOCK = {"date": "2026-02-01", "days": "", "measure": "stock", "area": "North", "persons": "5"}
FAULTS = [
    # files
    Fault(
        "missing table",
        lambda f: (f / "routes.csv").unlink(),
        "routes.csv",
        must="is there",
        mend="asylia new",
    ),
    Fault("missing case", lambda f: (f / "case.toml").unlink(), "case.toml", must="is there", mend="Add it"),
    Fault("table as workbook", excel, "closures.csv", must="is there", mend="CSV UTF-8"),
    Fault(
        "misspelt file",
        lambda f: (f / "actors.toml").rename(f / "actor.toml"),
        "actors.toml",
        must="is there",
        mend='"actor.toml"',
    ),
    Fault(
        "misspelt optional file",
        lambda f: (f / "boundaries.geojson").rename(f / "boundary.geojson"),
        "boundary.geojson",
        must="a part of a case",
        mend="boundaries.geojson",
    ),
    Fault(
        "plan of another kind",
        lambda f: (f / "plans/x.json").write_text("{}"),
        "plans/x.json",
        must="is a plan",
        mend=".toml",
    ),
    Fault("zip bomb", zipped, "events.csv", must="zip archive", mend="CSV UTF-8"),
    Fault(
        "gzip",
        write("events.csv", b"\x1f\x8b\x08\x00rest"),
        "events.csv",
        must="gzip archive",
        mend="CSV UTF-8",
    ),
    Fault("2 GB of nothing", sparse, "events.csv", must="at most 50 MB", mend="Leave out"),
    Fault(
        "endless line",
        add("events.csv", "x" * 150_000),
        "events.csv",
        at="xxx",
        must="at most 100,000 bytes",
        mend="line ends",
    ),
    Fault("link out of the folder", leave_folder, "people.csv", must="inside the case folder", mend="link"),
    Fault("plans linked away", link_plans, PLAN, must="inside the case folder", mend="link"),
    Fault(
        "link to nowhere",
        lambda f: link(f, "people.csv", f / "gone"),
        "people.csv",
        must="can be read",
        mend="system",
    ),
    Fault(
        "link to itself", lambda f: link(f, "people.csv", f / "people.csv"), "people.csv", must="", mend=""
    ),
    Fault(
        "endless device",
        lambda f: link(f, "people.csv", Path("/dev/zero")),
        "people.csv",
        must="inside",
        mend="link",
    ),
    Fault("pipe", pipe, "people.csv", must="ordinary file", mend="pipes"),
    Fault("folder for a file", directory, "people.csv", must="ordinary file", mend="Folders"),
    Fault("old encoding", latin, "places.csv", at="rd,", must="UTF-8", mend="Save"),
    Fault(
        "UTF-16", write("people.csv", "date,days".encode("utf-16")), "people.csv", must="UTF-16", mend="UTF-8"
    ),
    Fault(
        "NUL bytes", add("routes.csv", "a\x00b,c\n"), "routes.csv", at="a\x00b", must="NUL", mend="damaged"
    ),
    Fault("empty table", write("routes.csv", b""), "routes.csv", must="has a header", mend="id,from,to"),
    # tables
    Fault("semicolons", semicolons, "routes.csv", at="id;", must="semicolons", mend="comma delimited"),
    Fault("tabs", tabs, "routes.csv", at="id\t", must="tabs", mend="comma delimited"),
    Fault(
        "missing column",
        swap("routes.csv", "distance_km", "distance"),
        "routes.csv",
        at="distance",
        column="distance_km",
        must="is there",
        mend="Rename",
    ),
    Fault(
        "unknown column",
        swap("people.csv", "note", "name_of_person"),
        "people.csv",
        at="name_of_person",
        column="name_of_person",
        must="is known",
        mend="Known columns",
    ),
    Fault(
        "column twice",
        swap("people.csv", ",note", ",date"),
        "people.csv",
        at="group",
        column="date",
        must="stands once",
        mend="Remove",
    ),
    Fault(
        "too few cells",
        add("routes.csv", "short,ford\n"),
        "routes.csv",
        at="short,",
        must="11 cells",
        mend="commas",
    ),
    Fault(
        "too many cells",
        add("routes.csv", "a-b,ford,bridge,1,5,road,,,,survey-2025,assumed,,x\n"),
        "routes.csv",
        at="a-b,",
        must="11 cells",
        mend="quotes",
    ),
    Fault(
        "open quote",
        add("routes.csv", 'q,"ford,bridge,1,road,,,,survey-2025,assumed,\n'),
        "routes.csv",
        at='q,"',
        must="quotes come in pairs",
        mend="Close",
    ),
    Fault(
        "unknown place",
        swap("routes.csv", "mill-town,ford,31", "mill-town,frod,31"),
        "routes.csv",
        at=",frod,",
        column="to",
        must="places",
        mend='"ford"',
    ),
    Fault(
        "unknown source",
        swap("people.csv", "survey-2025,assumed", "survey-2052,assumed"),
        "people.csv",
        at="2052",
        column="source",
        must="sources",
        mend="survey-2025",
    ),
    Fault(
        "route to itself",
        swap("routes.csv", "ford-bridge,ford,bridge", "ford-bridge,ford,ford"),
        "routes.csv",
        at="ford,ford",
        column="to",
        must="differs",
        mend="Correct",
    ),
    Fault(
        "negative distance",
        swap("routes.csv", ",31,", ",-31,"),
        "routes.csv",
        at="-31",
        column="distance_km",
        must="more than 0",
        mend="minus",
    ),
    Fault(
        "decimal comma",
        swap("routes.csv", ",31,", ',"3,1",'),
        "routes.csv",
        at='"3,1"',
        column="distance_km",
        must="number",
        mend="decimal point",
    ),
    Fault(
        "NaN",
        swap("routes.csv", ",31,", ",NaN,"),
        "routes.csv",
        at="NaN",
        column="distance_km",
        must="number",
        mend="blank",
    ),
    Fault(
        "infinite",
        swap("places.csv", "12000", "inf"),
        "places.csv",
        at="inf",
        column="population",
        must="whole number",
        mend="blank",
    ),
    Fault(
        "half a person",
        swap("places.csv", "12000", "12000.5"),
        "places.csv",
        at="12000.5",
        column="population",
        must="whole number",
        mend="",
    ),
    Fault(
        "duplicate id",
        swap("places.csv", "elm,Elm", "oak,Elm"),
        "places.csv",
        at="oak,Elm",
        column="id",
        must="stands once",
        mend="new id",
    ),
    Fault(
        "blank where needed",
        swap("places.csv", "elm,Elm", "elm,"),
        "places.csv",
        at="elm,,",
        column="name",
        must="not blank",
        mend="Fill",
    ),
    Fault(
        "swapped lat and lon",
        swap("places.csv", "34.3,37.3", "37.3,34.3"),
        "places.csv",
        at="37.3,34.3",
        column="lat",
        must="swapped",
        mend="Swap",
    ),
    Fault(
        "nowhere",
        swap("places.csv", "34.3,37.3", "0,0"),
        "places.csv",
        at=",0,0,",
        column="lat",
        must="0/0",
        mend="missing",
    ),
    Fault(
        "off the globe",
        swap("places.csv", "34.3,37.3", "94.3,37.3"),
        "places.csv",
        at="94.3",
        column="lat",
        must="90 or less",
        mend="",
    ),
    Fault(
        "bad date",
        swap("events.csv", "2026-01-05", "05/01/2026"),
        "events.csv",
        at="05/01/2026",
        column="week",
        must="YYYY-MM-DD",
        mend="2026-01-05",
    ),
    Fault(
        "day that is none",
        swap("events.csv", "2026-01-05", "2026-02-30"),
        "events.csv",
        at="2026-02-30",
        column="week",
        must="YYYY-MM-DD",
        mend="",
    ),
    Fault(
        "year 26",
        swap("people.csv", "2026-01-01", "0026-01-01"),
        "people.csv",
        at="0026",
        column="date",
        must="1900",
        mend="year",
    ),
    Fault(
        "week on a Tuesday",
        swap("events.csv", "2026-01-05", "2026-01-06"),
        "events.csv",
        at="2026-01-06",
        column="week",
        must="Monday",
        mend="Monday",
    ),
    Fault(
        "date and week",
        swap("events.csv", ",2026-01-05", "2026-01-05,2026-01-05"),
        "events.csv",
        at="2026-01-05,2026-01-05",
        column="date",
        must="exactly one",
        mend="Keep",
    ),
    Fault(
        "deaths upside down",
        add("events.csv", EVENT.format(deaths="5,3,9")),
        "events.csv",
        at=",5,3,9",
        column="deaths_best",
        must="not below",
        mend="upwards",
    ),
    Fault(
        "event after as_of",
        swap("events.csv", "2026-01-05", "2026-03-02"),
        "events.csv",
        at="2026-03-02",
        column="week",
        must="not after",
        mend="hindcast",
    ),
    Fault(
        "week twice",
        add("events.csv", 2 * EVENT.format(deaths="1,1,1")),
        "events.csv",
        at="",
        column="place",
        must="stands once",
        mend="Add the two",
    ),
    Fault(
        "people after as_of",
        swap("people.csv", "2026-01-01,31", "2026-02-15,31"),
        "people.csv",
        at="2026-02-15",
        column="days",
        must="ends by",
        mend="hindcast",
    ),
    Fault(
        "people nowhere",
        swap("people.csv", "idp,North", "idp,Nroth"),
        "people.csv",
        at="Nroth",
        column="area",
        must="admin1",
        mend="North",
    ),
    Fault(
        "unknown with a number",
        add("people.csv", PERSON.format(**STOCK, evidence="unknown")),
        "people.csv",
        at="stock,idp,North,,,5",
        column="persons",
        must="blank if and only if",
        mend="unknown",
    ),
    Fault(
        "count twice",
        add("people.csv", 2 * PERSON.format(**STOCK, evidence="seen")),
        "people.csv",
        column="area",
        must="one count",
        mend="copy",
    ),
    Fault(
        "flow without days",
        swap("people.csv", "2026-01-01,31", "2026-01-01,"),
        "people.csv",
        at="2026-01-01",
        column="days",
        must="flow",
        mend="period",
    ),
    Fault(
        "closed road unknown",
        swap("closures.csv", "mill-ford", "mill-fort"),
        "closures.csv",
        at="mill-fort",
        column="where",
        must="routes.csv",
        mend="mill-ford",
    ),
    Fault(
        "route closes first",
        swap("routes.csv", "25,road,,,,", "25,road,,2026-02-01,2026-01-01,"),
        "routes.csv",
        at="2026-02-01",
        column="open_to",
        must="not before",
        mend="Swap",
    ),
    Fault(
        "escape sequence",
        swap("places.csv", "Elm", "E\x1b[2Jlm"),
        "places.csv",
        at="\x1b",
        column="name",
        must="control characters",
        mend="again",
    ),
    Fault(
        "checksum",
        swap("sources.csv", "report,,,", "report,,abc,"),
        "sources.csv",
        at="abc",
        column="sha256",
        must="64",
        mend="sha256sum",
    ),
    Fault(
        "script for an address",
        swap("sources.csv", "report,,,", "report,javascript:alert(1),,"),
        "sources.csv",
        at="javascript",
        column="url",
        must="https://",
        mend="blank",
    ),
    # words
    Fault(
        "broken TOML",
        swap("case.toml", 'id = "my-case"', 'id = "my-case'),
        "case.toml",
        at='id = "my-case',
        must="TOML",
        mend="quote",
    ),
    Fault(
        "unknown key",
        swap("case.toml", "days = 365", "days = 365\nday = 3"),
        "case.toml",
        at="day = 3",
        column="day",
        must="known",
        mend='"days"',
    ),
    Fault(
        "text for a number",
        swap("case.toml", "days = 365", 'days = "365"'),
        "case.toml",
        at='"365"',
        column="days",
        must="whole number",
        mend="90",
    ),
    Fault(
        "starts too early",
        swap("case.toml", "first = 2026-03-01", "first = 2026-02-28"),
        "case.toml",
        at="first =",
        column="first",
        must="after as_of",
        mend="day after",
    ),
    Fault(
        "country unknown",
        swap("case.toml", 'country = "Riverland"', 'country = "Rivrland"'),
        "case.toml",
        at="Rivrland",
        column="country",
        must="countries",
        mend="Riverland",
    ),
    Fault(
        "unknown rule",
        swap("case.toml", "travel_km_per_day =", "travel_km_a_day ="),
        "case.toml",
        at="travel_km_a_day",
        column="rules.travel_km_a_day",
        must="rules",
        mend="travel_km_per_day",
    ),
    Fault(
        "range backwards",
        swap("case.toml", "[20, 60]", "[60, 20]"),
        "case.toml",
        at="[60, 20]",
        column="rules.travel_km_per_day",
        must="low to high",
        mend="Swap",
    ),
    Fault(
        "logarithm of zero",
        swap("case.toml", "[20, 60]", "[0, 60]"),
        "case.toml",
        at="[0, 60]",
        column="rules.travel_km_per_day",
        must="above 0",
        mend="even",
    ),
    Fault(
        "share above one",
        add("case.toml", "leave_country_share = 1.5\n"),
        "case.toml",
        at="leave_country",
        column="rules.leave_country_share",
        must="between 0 and 1",
        mend="share",
    ),
    Fault(
        "standards unknown",
        swap("case.toml", '"emergency"', '"emergancy"'),
        "case.toml",
        at="emergancy",
        column="standards",
        must="profile",
        mend="emergency",
    ),
    Fault(
        "deep nesting",
        write("case.toml", b"a = " + b"[" * 9_000),
        "case.toml",
        must="nested",
        mend="brackets",
    ),
    Fault(
        "deep keys",
        write("case.toml", b"a." * 9_000 + b"b = 1"),
        "case.toml",
        at="a.a.a",
        must="nested",
        mend="dots",
    ),
    Fault(
        "unknown actor",
        swap("statements.toml", 'actor = "council"', 'actor = "counsel"'),
        "statements.toml",
        at="counsel",
        column="statements.COUNCIL-1.actor",
        must="actors",
        mend="council",
    ),
    Fault(
        "unknown term",
        swap("statements.toml", "host_consent = written", "hosts_consent = written"),
        "statements.toml",
        at="hosts_consent",
        column="COUNCIL-1.expression",
        must="hosts_consent",
        mend="host_consent",
    ),
    Fault(
        "condition unreadable",
        swap("statements.toml", "host_consent = written", "host_consent == written"),
        "statements.toml",
        at="==",
        column="COUNCIL-1.expression",
        must="can be read",
        mend="",
    ),
    Fault(
        "passage backwards",
        swap("statements.toml", "end = 190", "end = 90"),
        "statements.toml",
        at="[[statements.evidence]]",
        column="statements.COUNCIL-1.evidence.1",
        must="start comes before end",
        mend="characters",
    ),
    Fault(
        "long quotation",
        swap("statements.toml", "only with our", "only with our " * 9),
        "statements.toml",
        at="[[statements.evidence]]",
        column="statements.COUNCIL-1.evidence.1",
        must="80",
        mend="copy",
    ),
    Fault(
        "said after as_of",
        swap("statements.toml", "2026-02-20", "2026-04-20"),
        "statements.toml",
        at="said =",
        column="statements.COUNCIL-1.said",
        must="not after",
        mend="later",
    ),
    Fault(
        "wrong force",
        swap("statements.toml", 'force = "hard"', 'force = "hrad"'),
        "statements.toml",
        at="hrad",
        column="statements.COUNCIL-1.force",
        must="is one of hard",
        mend="hard",
    ),
    Fault(
        "repeats itself",
        swap("statements.toml", "rank = 1", 'same_as = "COUNCIL-1"\nrank = 1'),
        "statements.toml",
        at="same_as",
        column="statements.COUNCIL-1.same_as",
        must="lead back",
        mend="earlier",
    ),
    Fault(
        "actor twice",
        add("actors.toml", '[[actors]]\nid = "council"\nname = "Again"\nkind = "donor"\n'),
        "actors.toml",
        at="",
        column="actors.council.id",
        must="stands once",
        mend="new id",
    ),
    # plans
    Fault(
        "zone without capacity",
        swap(PLAN, "capacity_people =", "# capacity_people ="),
        PLAN,
        at="[[zones]]",
        column="zones.ford-zone-1.capacity_people",
        must="is there",
        mend="Add a line",
    ),
    Fault(
        "zone for nobody",
        swap(PLAN, "[2000, 4000]", "[0, 4000]"),
        PLAN,
        at="capacity_people",
        column="zones.ford-zone-1.capacity_people",
        must="more than 0",
        mend="assumption",
    ),
    Fault(
        "zone closes first",
        swap(PLAN, "# closes = 2027-05-01", "closes = 2026-04-01"),
        PLAN,
        at="[[zones]]",
        column="zones.ford-zone-1",
        must="closes after it opens",
        mend="Swap",
    ),
    Fault(
        "service after the end",
        swap(
            "plans/other.toml",
            "closes = 2027-06-01",
            'closes = 2027-06-01\n[[services]]\nsector = "wash_water"\nindicator = "WAT-04"\nzone = "ford-zone-1"\nready = 2028-01-01',
        ),
        "plans/other.toml",
        at="ready",
        column="services.1.ready",
        must="before its zone closes",
        mend="ready",
    ),
    Fault(
        "path for a place",
        swap(PLAN, 'place = "ford" ', 'place = "../../etc/passwd" '),
        PLAN,
        at="passwd",
        column="zones.ford-zone-1.place",
        must="is an id",
        mend="north",
    ),
    Fault(
        "zone at no place",
        swap(PLAN, 'place = "ford" ', 'place = "frod" '),
        PLAN,
        at="frod",
        column="zones.ford-zone-1.place",
        must="places.csv",
        mend="ford",
    ),
    Fault(
        "zone at two places",
        swap("plans/other.toml", 'place = "ford"', 'place = "oak"'),
        "plans/other.toml",
        at="oak",
        column="zones.ford-zone-1.place",
        must='lies at "ford"',
        mend="another id",
    ),
    Fault(
        "zone twice",
        add(
            "plans/other.toml",
            '[[zones]]\nid = "ford-zone-1"\nname = "F"\nplace = "ford"\ncapacity_people = 5\nopens = 2026-06-01\n',
        ),
        "plans/other.toml",
        column="zones.ford-zone-1.id",
        must="stands once",
        mend="new id",
    ),
    Fault(
        "outline far away",
        swap("plans/other.toml", "opens =", "outline = [[34, 37], [34.1, 37], [34, 37.1]]\nopens ="),
        "plans/other.toml",
        at="outline",
        column="zones.ford-zone-1.outline",
        must="within a degree",
        mend="Corners",
    ),
    Fault(
        "value of a term",
        swap(PLAN, '["written"]', '["writen"]'),
        PLAN,
        at="writen",
        column="terms.host_consent",
        must="values of host_consent",
        mend="written",
    ),
    Fault(
        "two values of a term",
        swap(PLAN, '["written"]', '["written", "none"]'),
        PLAN,
        at="host_consent =",
        column="terms.host_consent",
        must="exactly one",
        mend="Keep one",
    ),
    Fault(
        "plan named otherwise",
        swap(PLAN, 'id = "ford-zone" ', 'id = "fort-zone" '),
        PLAN,
        at="fort-zone",
        column="id",
        must="name of the file",
        mend="Rename",
    ),
    Fault(
        "none with a zone",
        lambda f: (f / "plans/other.toml").rename(f / "plans/none.toml"),
        "plans/none.toml",
        at="[[zones]]",
        column="zones.ford-zone-1",
        must="none sets nothing up",
        mend="another name",
    ),
    Fault(
        "proposed by nobody",
        swap(PLAN, 'proposed_by = ["council"]', 'proposed_by = ["counsil"]'),
        PLAN,
        at="counsil",
        column="proposed_by.1",
        must="actors",
        mend="council",
    ),
    Fault(
        "silent element",
        swap(PLAN, 'fills = "opens"', 'fills = "open"'),
        PLAN,
        at="",
        column="assumptions.fills",
        must="completeness",
        mend="opens",
    ),
    Fault(
        "standard unknown",
        swap(PLAN, "WAT-04", "WAT-99"),
        PLAN,
        at="WAT-99",
        column="services.1.indicator",
        must="standard",
        mend="WAT-",
    ),
    Fault(
        "source of a number",
        swap(PLAN, 'source = "survey-2025", evidence', 'source = "surwey", evidence'),
        PLAN,
        at="surwey",
        column="zones.ford-zone-1.capacity_people.source",
        must="sources.csv",
        mend="survey-2025",
    ),
    # map
    Fault(
        "no JSON",
        swap("boundaries.geojson", "{", "{,"),
        "boundaries.geojson",
        at="{,",
        must="is JSON",
        mend="Export",
    ),
    Fault(
        "not a number on the map",
        swap("boundaries.geojson", "38.2", "NaN"),
        "boundaries.geojson",
        must="finite",
        mend="Export",
    ),
    Fault(
        "metres on the map",
        geometry([[[4e5, 3e6], [4e5, 4e6], [5e5, 4e6], [4e5, 3e6]]]),
        "boundaries.geojson",
        column="features.1.geometry",
        must="degrees",
        mend="WGS 84",
    ),
    Fault(
        "crossed boundary",
        geometry([[[37, 34], [38, 35], [38, 34], [37, 35], [37, 34]]]),
        "boundaries.geojson",
        column="features.1.geometry",
        must="valid",
        mend="Repair",
    ),
    Fault(
        "point on the map",
        geometry([37, 34], "Point"),
        "boundaries.geojson",
        column="features.1.geometry",
        must="Polygon",
        mend="Repair",
    ),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case_folder(tmp_path_factory.mktemp("whole") / "case")


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in sorted(folder.parent.rglob("*"))}


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    before = snapshot(folder)
    yield
    assert snapshot(folder) == before


def test_the_folder_passes_before_it_is_broken(whole: Path) -> None:
    with untouched(whole):
        result = CliRunner().invoke(app, ["check", str(whole)])
    assert result.exit_code == 0, result.output
    assert "No problem found" in result.stdout


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_gets_a_clear_problem(fault: Fault, whole: Path, tmp_path: Path) -> None:
    folder = copy_case(whole, tmp_path / "case")
    fault.do(folder)
    with untouched(folder):
        result = CliRunner().invoke(app, ["check", str(folder), "--json"])
    assert result.exit_code == 2, result.output
    problems = json.loads(result.stdout)["problems"]
    fits = [p for p in problems if _fits(fault, p, folder)]
    assert fits, f"nothing says so; instead: {json.dumps(problems, indent=1, ensure_ascii=False)[:3000]}"
    assert all(p["must"] and not p["must"].startswith("Input") for p in problems)
    assert len({(p["file"], p["row"], p["column"], p["must"]) for p in problems}) == len(problems)


def _fits(fault: Fault, problem: dict[str, str | int | None], folder: Path) -> bool:
    row = line_of(folder, fault.file, fault.at) if fault.at else problem["row"]
    said = (problem["file"], problem["row"], problem["column"])
    words = fault.must in str(problem["must"]) and fault.mend in str(problem["mend"])
    return said == (fault.file, row, fault.column) and words


@pytest.mark.parametrize("fault", FAULTS[::6], ids=lambda fault: fault.name)
def test_the_terminal_gets_one_line_a_problem_and_no_traceback(
    fault: Fault, whole: Path, tmp_path: Path
) -> None:
    folder = copy_case(whole, tmp_path / "case")
    fault.do(folder)
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 2
    assert not result.stdout
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines()[-1].endswith("Nothing was run and nothing was written.")
    assert any(line.startswith(fault.file) for line in result.stderr.splitlines())


FILES_APART = (
    "misspelt optional file",
    "open quote",
    "negative distance",
    "swapped lat and lon",
    "duplicate id",
    "bad date",
    "people nowhere",
    "closed road unknown",
    "checksum",
    "share above one",
    "wrong force",
    "actor twice",
    "zone without capacity",
    "value of a term",
    "outline far away",
)


def test_all_faults_are_told_at_once(whole: Path, tmp_path: Path) -> None:
    folder = copy_case(whole, tmp_path / "case")
    faults = [fault for fault in FAULTS if fault.name in FILES_APART]
    assert len(faults) == len(FILES_APART)
    for fault in faults:
        fault.do(folder)
    result = CliRunner().invoke(app, ["check", str(folder), "--json"])
    problems = json.loads(result.stdout)["problems"]
    for fault in faults:
        assert any(_fits(fault, problem, folder) for problem in problems), fault.name
    # Each fault is told, and little else: a broken part must not throw sparks at others.
    assert len(problems) <= len(faults) + 3


def test_a_flood_of_problems_is_cut_on_the_terminal(whole: Path, tmp_path: Path) -> None:
    folder = copy_case(whole, tmp_path / "case")
    append(folder, "events.csv", "".join(EVENT.format(deaths="x,y,z") for _ in range(5_000)))
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) < 220
    assert "more problems, not shown" in result.stderr
    assert "reading stopped" in CliRunner().invoke(app, ["check", str(folder), "--json"]).stdout


def test_control_characters_do_not_reach_the_terminal(whole: Path, tmp_path: Path) -> None:
    folder = copy_case(whole, tmp_path / "case")
    replace_text(
        folder, "routes.csv", "ford-bridge,ford,bridge,25", "ford-bridge,ford,bridge,\x1b]0;owned\x07"
    )
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr


ODD_BUT_RIGHT: dict[str, Break] = {
    "Namibia's NA": swap("places.csv", "elm,Elm,,,North", "elm,NA,NA,NA,NA"),
    "BOM": lambda f: (f / "places.csv").write_bytes(b"\xef\xbb\xbf" + (f / "places.csv").read_bytes()),
    "BOM in TOML": lambda f: (f / "case.toml").write_bytes(b"\xef\xbb\xbf" + (f / "case.toml").read_bytes()),
    "line ends of Windows": lambda f: (f / "routes.csv").write_bytes(
        (f / "routes.csv").read_bytes().replace(b"\n", b"\r\n")
    ),
    "HXL tags": lambda f: replace_text(
        f,
        "routes.csv",
        "note\n",
        "note\n#meta+id,#loc+from,#loc+to,#indicator,,,,,#meta+source,,#x\n".replace(",#x", ","),
    ),
    "blank rows": add("routes.csv", "\n,,,,,,,,,,,\n  \n"),
    "quoted comma": swap("places.csv", "elm,Elm,", 'elm,"Elm, the old town",'),
    "blank columns at the end": lambda f: replace_text(f, "closures.csv", "\n", ",,\n", times=9),
    "no last line end": lambda f: (f / "closures.csv").write_bytes(
        (f / "closures.csv").read_bytes().rstrip()
    ),
    "file of notes": lambda f: (f / "NOTES.txt").write_text("notes"),
    "hindcast folder": lambda f: (f / "hindcast").mkdir(),
    "link inside the folder": lambda f: (
        (f / "people.csv").rename(f / "counts"),
        (f / "people.csv").symlink_to(f / "counts"),
    ),
    "no map": lambda f: (f / "boundaries.geojson").unlink(),
    "no plans": lambda f: [path.unlink() for path in (f / "plans").iterdir()],
    "unknown number of people": swap("places.csv", ",8000,", ",,"),
}


@pytest.mark.parametrize("name", ODD_BUT_RIGHT)
def test_what_is_odd_but_right_is_no_problem(name: str, whole: Path, tmp_path: Path) -> None:
    folder = copy_case(whole, tmp_path / "case")
    ODD_BUT_RIGHT[name](folder)
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 0, result.output

"""The example case that `asylia new` writes: invented, small, commented, and passing every check."""

from __future__ import annotations

from typing import Final

from asylia.core.tables import describe, template
from asylia.model.schemas import TABLES

MORE_ROWS: Final = {
    "places": (
        "ford,Ford,,XX0102,North,Riverland,34.7,37.6,town,8000,,council,survey-2025,assumed,\n"
        "bridge,Bridge crossing,,,North,Riverland,34.9,37.7,crossing,,,council,survey-2025,assumed,\n"
        "farland,Farland,,,Farland,Farland,36,38,country,,,,survey-2025,assumed,\n"
    ),
    "routes": (
        "ford-bridge,ford,bridge,25,road,,,,survey-2025,assumed,\n"
        "bridge-farland,bridge,farland,1,crossing,,,,survey-2025,assumed,\n"
    ),
    "people": "2026-02-28,,stock,idp,Riverland,,,,survey-2025,unknown,Nobody has counted them.\n",
}
"""Rows beside the example of each schema, so that the parts of the example fit together."""

CASE: Final = """\
# What the case is about. Lines that start with # are notes for people; Asylia does not read them.

id = "my-case"                  # letters, digits, dots, dashes
title = "Riverland, February 2026"
country = "Riverland"           # as in the country column of places.csv
as_of = 2026-02-28              # last day of knowledge: nothing in the case may be dated later
first = 2026-03-01              # first simulated day
days = 365                      # how many days to simulate, if not said otherwise
standards = "emergency"         # which standards zones are held against: survival, emergency, stabilised, sphere-2018, unhcr,
                                # or a file here such as "ours.toml", copied from a profile and changed
movement = "fitted"             # rules that move people: fitted (to recorded conflicts) or case (the numbers below alone)

# What a reader must know this case cannot say.
limits = ["Everything in this example is invented."]
# Licences of the data, and whom to credit.
licences = []

# Numbers that nobody knows exactly. Leave one out and a wide default is used, and listed as assumed.
# Write a range, one value, or a bare number:
#   distance_power = { between = [0.5, 2.0], source = "survey-2025", evidence = "derived", why = "..." }
#   return_quiet_weeks = { value = 8, evidence = "assumed", why = "..." }
#   population_power = 0.6
# shape = "log" draws evenly on the logarithm, for numbers that may be off by a factor.
[rules]
travel_km_per_day = { between = [20, 60], shape = "log", evidence = "assumed", why = "Most people walk." }
"""

ACTORS: Final = """\
# Terms: what a plan can settle, and the values it can take.
[[terms]]
id = "host_consent"
name = "Consent of the host state"
values = ["none", "tacit", "written"]
ordered = true                  # the values run from least to most
several = false                 # true if a plan may hold more than one value at once
doc = "What the government of the country has agreed to."
controller = ["council"]        # who settles it, whatever a plan writes; leave out if that is not known

[[terms]]
id = "returns"
name = "Returns"
values = ["voluntary", "encouraged", "required"]
ordered = true

# The protection floor: what the people concerned are owed and no plan may trade away, whoever agrees.
[[floor]]
id = "voluntary-return"
name = "Nobody is made to go home"
expression = "returns = voluntary"
basis = "Return is each person's own free and informed choice."
source = "survey-2025"          # the rule it rests on

# Actors: parties, states, agencies and groups. Never a private person.
[[actors]]
id = "council"
name = "River Council"
kind = "host_state"             # host_state, armed_actor, neighbour, donor, agency, displaced_people, ...
reach = ["North"]               # where it can act
vetoes = [{ over = ["host_consent"], basis = "It governs the area.", source = "survey-2025" }]
disagreement = "It keeps the present rules."
source = "survey-2025"
"""

STATEMENTS: Final = """\
# What each actor said, read as a condition over the terms of actors.toml, with a pointer to the words.
[[statements]]
id = "COUNCIL-1"
actor = "council"
rank = 1                        # order of importance to the actor, 1 first
force = "hard"                  # hard and red_line can refuse a plan; the others are shown only
expression = "host_consent = written"
summary = "No zone without the council's written consent."
said = 2026-02-20
status = "proposed"             # only "confirmed" statements enter a verdict
confidence = "stated"           # stated, likely, guess

# Where the words stand: characters counted from the start of the source's text, and a few of the words.
[[statements.evidence]]
source = "survey-2025"
start = 120
end = 190
words = "only with our written consent"
speaker = "River Council"
mode = "indirect"               # direct, indirect, paraphrase, inferred
"""

PLAN: Final = """\
# One proposal. The plan "none" (nothing is set up) is always there; you need not write it.
id = "ford-zone"                # the name of this file
title = "A zone at Ford"
summary = "One zone for people from the north, with the council's consent."
proposed_by = ["council"]
objectives = ["Shelter for people from the north"]
source = "survey-2025"

[terms]                         # what the plan settles; a term left out is unknown, not refused
host_consent = ["written"]

[stated]                        # what the sources do say, and where
place = "survey-2025: at the ford"

[protection]                    # who protects, and on what ground
logic = "consent"
consent_host_state = "yes"
consent_armed_parties = "unknown"
demilitarised = "unknown"
air_cover = "no"
force = ""

[[zones]]
id = "ford-zone-1"
name = "Ford"
place = "ford"                  # an id of places.csv
capacity_people = { between = [2000, 4000], source = "survey-2025", evidence = "assumed", why = "Two fields." }
opens = 2026-05-01
# closes = 2027-05-01           # leave out if no end is stated
# covers = ["ford"]             # whole districts it takes in, its own place among them; leave out if it takes in none

[[services]]
sector = "wash_water"
indicator = "WAT-04"
zone = "ford-zone-1"            # leave out for every zone of the plan
provides_for_people = 2000      # leave out if no amount is named
ready = 2026-05-10
ramp_up_days = 14               # days until it is at full size; leave out if it is at once
source = "survey-2025"

[[costs]]
item = "Shelter, water and food"
per = "person_year"             # person_year, supported_person_year, resettled_person, month, once
kind = "relief"                 # relief, force, set_up
usd_year = 2025                 # the year whose dollars these are
# priority = 1                  # what is paid first when money is short, 1 first
usd = { between = [300, 900], shape = "log", evidence = "assumed", why = "A wide guess." }

[[funding]]
donor = "Not found yet"
status = "mentioned"            # mentioned, pledged, committed, paid; only the last two count as funded
# on = 2026-06-01               # the day the money is there
# earmark = "relief"            # a cost item, or a kind of cost, that it is set aside for
source = "survey-2025"

# Law and safeguards: all of it may be left out. Write only what a source says; what nobody says counts as unknown.
# form = "neutralised" at the top states a legal form: hospital_and_safety, neutralised, non_defended, demilitarised, other.
[[aims]]                        # what each objective is for
objective = "Shelter for people from the north"
kind = "aid"                    # limit_loss, deter, aid, show_concern, talks; or return, containment, territory, other ...
source = "survey-2025"

[[safeguards]]                  # an answer of one source; two sources that differ may both stand
about = "free_movement"         # the reference page on law lists the names
answer = "yes"                  # yes, partial, no, disputed
source = "survey-2025"
words = "people may come and go"

[[commitments]]                 # who promised what
by = "River Council"
what = "Keep the road to Ford open"
promised = 2026-02-20
due = 2026-05-01                # leave out if no day was named
kept = "unknown"                # yes, partial, no, unknown
source = "survey-2025"

[[assumptions]]                 # what the sources leave open and you filled
what = "Opening day"
value = "2026-05-01"
reason = "Six weeks after the snow melts."
fills = "opens"
"""

README: Final = """\
# How to fill in this case

Everything here is an invented example that passes `asylia check`. Replace it by what you know, a file at a time, and run
`asylia check` on this folder often: it lists everything that is wrong, with the line and how to mend it.

- Tables are CSV files in UTF-8 with commas ("CSV UTF-8" in a spreadsheet). Dates are written YYYY-MM-DD.
- Leave a cell blank if nobody knows the number. A blank is unknown; it is never read as zero.
- Every row names its source, an id of sources.csv, and says how it is known (evidence).
- Never write the name of a private person, or anything that leads to one.
- `case.toml` says what the case is about, `actors.toml` and `statements.toml` who has a say and what was said,
  `plans/` holds one file for each proposal, and `boundaries.geojson` may hold polygons for the maps.
"""


def template_files() -> dict[str, str]:
    """Return the text of every file of the example, by its path in the folder."""
    tables = {schema.file: template(schema) + MORE_ROWS.get(name, "") for name, schema in TABLES.items()}
    words = {
        "case.toml": CASE,
        "actors.toml": ACTORS,
        "statements.toml": STATEMENTS,
        "plans/ford-zone.toml": PLAN,
        "README.md": README + _columns(),
    }
    return {**tables, **words}


def _columns() -> str:
    parts = []
    for schema in TABLES.values():
        parts.append(
            f"\n## {schema.file}\n\n{schema.doc}\n\n| column | needed | allowed | meaning |\n|---|---|---|---|\n"
        )
        parts.extend(
            f"| {row['column']} | {row['needed']} | {row['allowed']} | {row['meaning']} |\n"
            for row in describe(schema)
        )
    return "".join(parts)

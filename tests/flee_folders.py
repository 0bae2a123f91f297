"""A small synthetic Flee folder that uses every file there is, and ways to change one thing in it."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "input_csv/locations.csv": """\
#name,region,country,latitude,longitude,location_type,conflict_date,population,initial_idps
Alpha,North,Riverland,14.1,2.1,conflict_zone,0,5000,
Beta Town,North,Riverland,14.2,2.2,town,,2000,12
Gamma,South,Riverland,13.1,2.3,conflict_zone,3,1000,
Hub,South,Riverland,13.2,2.4,forwarding_hub,,,
Cross,South,Riverland,13.3,2.5,marker,,,
Inn,North,Riverland,14.3,2.6,idpcamp,,300,
Marsh,South,Riverland,13.4,2.7,flood_zone,,400,
Ford Camp,Hills,Hilland,15.1,3.1,camp,,900,
Mill,Hills,Hilland,15.2,3.2,camp,,,
""",
    "input_csv/routes.csv": """\
#name1,name2,distance,forced_redirection,max_move_speed,walk_probability
Alpha,Beta Town,40,,,
Beta Town,Gamma,35.5,0,,
Gamma,Hub,20,0,,
Hub,Ford Camp,80,1,,
Hub,Mill,90,,200,0.25
Hub,Cross,10,,,
Cross,Marsh,12,,,
Alpha,Inn,30,,,
Alpha,Beta Town,60,,,
Ford Camp,Mill,25,2,,
""",
    "input_csv/conflicts.csv": """\
#Day, Alpha, Beta Town, Gamma, Hub, Cross, Inn, Marsh, Ford Camp, Mill,
0, 1, 0, 0, 0, 0, 0, 0, 0, 0
1, 1, 0, 0, 0, 0, 0, 0, 0, 0
2, 0.5, 0, 0, 0, 0, 0, 0, 0, 0
3, 1, 0, 1, 0, 0, 0, 0, 0, 0
4, 0, 0, 1, 0, 0, 0, 0, 0, 0
5, 0, 0, 1, 0, 0, 0, 0, 0, 0
""",
    "input_csv/closures.csv": """\
#closure_type,name1,name2,closure_start,closure_end
country,Riverland,Hilland,1,3
location,Gamma,Hilland,2,4
link,Gamma,Hub,1,2
link,Alpha,Beta Town,1,-1
camp,Ford Camp,,0,2
remove_forced_redirection,Hub,Ford Camp,3,0
""",
    "input_csv/registration_corrections.csv": "Ford Camp,2026-01-08,normalize\n",
    "input_csv/sim_period.csv": "StartDate,2026-01-05\nLength,6\n",
    "input_csv/demographics_age.csv": "age,Default\n5,0.4\n30,0.6\n",
    "input_csv/demographics_gender.csv": "gender,Default,Alpha\nmale,0.5,0.4\nfemale,0.5,0.6\n",
    "input_csv/region_attributes_IPC.csv": "#Day,North,South,Hills\n0,10,20,0\n10,12,25,0\n",
    "input_csv/flood_level.csv": "#Day,Marsh\n0,0\n3,2\n5,1\n",
    "location_changes.csv": "#name,location_type,day\nBeta Town,camp,4\n",
    "source_data/data_layout.csv": """\
"total","refugees.csv"
"Ford Camp","hil-ford.csv","hil-ford-outside.csv"
Mill,hil-mill.csv
Inn,riv-inn.csv
Ferry,hil-ferry.csv
""",
    "source_data/refugees.csv": "2026-01-05,130\n2026-01-09,800\n2026-01-07,300\n",
    "source_data/hil-ford.csv": "Date,count\n2026-01-05,100\n2026-01-08,400\n2026-01-10,450\n2026-01-10,460\n",
    "source_data/hil-ford-outside.csv": "2026-01-05,10\n#2026-01-06,11 # a remark\n\n2026-01-08,40\n",
    "source_data/hil-mill.csv": "2026-01-05,20,7\n2026-01-10,90 \n",
    "source_data/riv-inn.csv": "2026-01-04,0\n2026-01-12,80\n",
    "source_data/hil-ferry.csv": "2026-01-05,3\n",
    "simsetting.yml": """\
log_levels: #DONE
  agent: 0
spawn_rules:
  sum_from_camps: True
  conflict_spawn_decay: [1.0,0.5,0.1]
  flood_driven_spawning:
    displaced_per_flood_day: [0.0, 0.2]
move_rules:
  max_move_speed: 400.0
  softening: 50
  awareness_level: 2
  ChildrenAvoidHazards: True
  flood_rules:
    flood_movechances: [0.0, 0.5, 1.0]
    flood_loc_weights: [1.0, 0.5, 0.1]
optimisations:
  hasten: 10
""",
}


def make_flee_folder(folder: Path) -> Path:
    """Write the folder; `riverland2026` in it is a name as good as any."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder

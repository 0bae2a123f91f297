"""The folders of Flee, the published displacement engine: read strictly, written so that it can read them too.

`read_flee` and `write_flee` go between a folder and a recorded conflict; `to_case` and `from_case` between a recorded
conflict and a case.
"""

from __future__ import annotations

from asylia.io.flee_case import to_case
from asylia.io.flee_read import FleeFolder, open_flee, read_flee
from asylia.io.flee_uncase import from_case
from asylia.io.flee_write import write_flee

__all__ = ["FleeFolder", "from_case", "open_flee", "read_flee", "to_case", "write_flee"]

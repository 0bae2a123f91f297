"""Compare the plans of a case, print one criterion, and write the report into the folder `report`."""

from pathlib import Path

import asylia


def main() -> None:
    """Run the lines of the README."""
    case = asylia.read_case(asylia.find_case("syria-2017"))
    findings = asylia.compare(case, members=20, seed=7)
    print(findings.verdict.filter(criterion="without_shelter").select("plan", "low", "middle", "high"))
    asylia.write_report(findings, Path("report"), audience="public")


if __name__ == "__main__":
    main()

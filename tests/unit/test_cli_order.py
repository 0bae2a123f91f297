"""`asylia run --explain-day` prints the order of a day of both sets of rules."""

from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.move import step
from asylia.move.flee import order


def test_the_order_of_a_day_is_printed_for_both_sets_of_rules():
    said = CliRunner().invoke(app, ["run", "--explain-day"])
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    numbered = [
        f"{number:2d}. {what}" for each in (step.ORDER, order.ORDER) for number, what in enumerate(each, 1)
    ]
    assert [line for line in lines if line[:2].strip().isdigit()] == numbered
    assert len(lines) == len(numbered) + 2

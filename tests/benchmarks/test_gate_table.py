"""The gates' table: what was measured is not measured again, and a page gets its table between its marks."""

import json
from dataclasses import asdict

import pytest

from benchmarks.gate_table import write_into
from benchmarks.kept_results import results_of
from benchmarks.studio_takes import Order


def test_a_stopped_run_goes_on_where_it_was(tmp_path):
    made = []

    def work(order):
        made.append(order)
        return {"seed": order.seed}

    orders, results = [Order("jazz", seed, 30.0) for seed in (1, 2, 3)], tmp_path / "results.jsonl"
    assert dict(results_of(orders[:1], work, results)) == {orders[0]: {"seed": 1}}
    line = json.loads(results.read_text())
    of_another = {**line, "version": "another", "order": asdict(orders[1])}
    results.write_text(f'{json.dumps(line)}\n{json.dumps(of_another)}\n{{"order": {{"genre": "ja\n')
    made.clear()
    assert dict(results_of(orders, work, results)) == {order: {"seed": order.seed} for order in orders}
    assert made == orders[1:]


def test_only_what_is_between_the_marks_is_written(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- gates: begin -->\nold\n<!-- gates: end -->\nafter\n")
    write_into(page, "new")
    assert page.read_text() == "before\n<!-- gates: begin -->\n\nnew\n\n<!-- gates: end -->\nafter\n"
    with pytest.raises(ValueError, match="other"):
        write_into(page, "new", "other")

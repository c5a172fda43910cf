"""What this package promises about time and memory, measured.

    python -m benchmarks                  everything: one table, exit 1 when a gate is missed
    python -m benchmarks --only import    rows of one kind: generate, start, import, reads, help

Each figure stands beside its bar and beside a floor or peer measured in the same run, because absolute
times belong to one machine and ratios carry over. Every figure is taken in fresh processes that share no
folder and no environment with you; bytecode is compiled beforehand, as it is after the first use of any
installed package. Nothing is written into the checkout. docs/benchmarks.md keeps the table of a run.

The machine should be idle: a gate missed while something else runs says nothing.
"""

"""The embedded engine: composes by rules, plays by synthesis. No samples, no network, no neural model."""

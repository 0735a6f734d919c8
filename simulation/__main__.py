"""`kliento simulate`: a town's tills at the demo that runs here; set-up and meaning in docs/operate.md."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import django

LIMITS = {"tills": (5, 200), "cards": (200, 50_000), "seconds": (60, 3600), "rate": (1, 200)}
"""Of each: how many without being asked, and at most."""


def main() -> int:
    """0 when the books agree, 1 when they do not or the instance is not there, 2 for wrong use."""
    chosen = _chosen()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
    django.setup()
    from kliento_till import TillError
    from simulation import books, day, plan, setting

    with tempfile.TemporaryDirectory(prefix="kliento-simulate-") as folder:
        try:
            with setting.paired_tills(chosen.tills) as terminals:
                cards = setting.cards(chosen.cards)
                setting.try_out(terminals[0])
                print(f"{len(terminals)} tills, {len(cards.phones)} phones, {chosen.seconds} seconds ...", flush=True)
                planned = plan.make_plan(
                    tills=chosen.tills,
                    cards=len(cards.phones),
                    seconds=chosen.seconds,
                    rate=chosen.rate,
                    seed=chosen.seed,
                )
                findings = books.audit(day.live(planned, terminals, cards, folder=Path(folder), port=setting.port()))
        except (LookupError, TillError, RuntimeError) as missing:
            print(f"kliento: {missing}", file=sys.stderr)
            return 1
    figures = {f"simulate.{name}": figure for name, figure in findings.all_figures().items()}
    for name, figure in ({"simulate.seed": chosen.seed} | figures).items():
        print(f"{name:36} {figure:10g}")
    for fault in [*findings.lost, *findings.doubled, *findings.changed, *findings.strangers]:
        print(fault, file=sys.stderr)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if findings.is_clean else 1


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kliento simulate", description=__doc__)
    for name, (usual, most) in LIMITS.items():
        parser.add_argument(f"--{name}", type=int, default=usual, metavar="N", help=f"{usual}; at most {most}")
    parser.add_argument("--seed", type=int, default=1, help="the same seed is the same plan (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    chosen = parser.parse_args()
    for name, (_, most) in LIMITS.items():
        if not 1 <= getattr(chosen, name) <= most:
            parser.error(f"--{name} is 1 to {most}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())

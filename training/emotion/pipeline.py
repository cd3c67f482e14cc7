"""From data to the model that ships: `python -m emotion.pipeline --data DIR [--out DIR] [--trials]`.

Trains every run in a process of its own, as many at a time as there are cores, then packages and reports. A run whose
result lies in --dist already is not trained again: delete the folder to begin from scratch.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from .recipes import RECIPES
from .runs import FOLDS, SEEDS, run_name

TRAINING = Path(__file__).parent.parent
MODEL = TRAINING.parent / "services" / "backend" / "models" / "emotion"


@dataclass(frozen=True)
class Run:
    recipe: str
    fold: int | None = None
    seed: int | None = None

    @property
    def name(self) -> str:
        return run_name(self.recipe, self.fold, self.seed)


# What needs a run stands in a later stage; the short runs at the end of one keep all cores busy to the last.
STAGES = [
    [Run("goemotions"), Run("floor")],
    [Run(recipe, fold=fold) for recipe in ("teacher", "floor") for fold in FOLDS],
    [Run("student", seed=seed) for seed in SEEDS],
]
TRIALS = [Run(recipe) for recipe in RECIPES if recipe != "student"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with emotion-transcripts and goemotions")
    parser.add_argument("--out", type=Path, default=MODEL, help="folder to write the model into")
    parser.add_argument("--dist", type=Path, default=TRAINING / "dist", help="folder for what is trained")
    parser.add_argument("--trials", action="store_true", help="train what was tried and not shipped, too")
    options = parser.parse_args()
    for file in ("emotion-transcripts/train.csv", "goemotions/train.tsv", "goemotions/labels.txt"):
        if not (options.data / file).is_file():
            sys.exit(f"training/run: no {file} in {options.data}; give the folder that holds it: --data DIR")

    for stage in [*STAGES, *([TRIALS] if options.trials else [])]:
        train(stage, options)
    step("emotion.package", options, "--out", str(options.out))
    step("emotion.report", options)


def train(runs: list[Run], options: argparse.Namespace) -> None:
    """Raises SystemExit with the run's log file where one fails; the others that have begun are finished."""
    options.dist.mkdir(parents=True, exist_ok=True)
    waiting = [run for run in runs if not (options.dist / f"{run.name}.npz").exists()]
    started, failed = time.monotonic(), []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {pool.submit(train_one, run, options): run for run in waiting}
        for done, future in enumerate(as_completed(futures), 1):
            name, code = futures[future].name, future.result()
            minutes = (time.monotonic() - started) / 60
            print(f"{done}/{len(waiting)} {name} {'trained' if code == 0 else 'FAILED'} after {minutes:.0f} min", flush=True)
            if code != 0:
                failed.append(f"{options.dist / name}.log")
    if failed:
        sys.exit(f"training/run: read {', '.join(failed)}")


def train_one(run: Run, options: argparse.Namespace) -> int:
    choice = [f"--{key}={value}" for key, value in (("run", run.recipe), ("fold", run.fold), ("seed", run.seed)) if value is not None]
    with (options.dist / f"{run.name}.log").open("w") as log:
        return subprocess.run([*command("emotion.train", options), *choice], stdout=log, stderr=log).returncode


def step(module: str, options: argparse.Namespace, *extra: str) -> None:
    if (code := subprocess.run([*command(module, options), *extra]).returncode) != 0:
        sys.exit(code)


def command(module: str, options: argparse.Namespace) -> list[str]:
    return [sys.executable, "-m", module, "--data", str(options.data), "--dist", str(options.dist)]


if __name__ == "__main__":
    main()

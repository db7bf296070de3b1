"""Wall clock, processor time and memory of whole processes; contenders in turns; how figures are printed.

What must hold, holds by the wall clock. The processor time of all threads stands beside it: on a machine that does other
things too it tells how much of the difference is the program's, and how much of the program's is waiting for the disk.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from typing import NamedTuple

MB = 1e6


class Taken(NamedTuple):
    """What a run took: seconds by the wall clock, seconds of processors, bytes of memory at the most."""

    wall: float
    cpu: float
    peak: int = 0


def run(command, cwd, watch=None):
    """Runs a process. `watch` gets it while it runs."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = []
    reader = threading.Thread(target=lambda: said.append(process.stderr.read()))
    reader.start()
    if watch:
        watch(process)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))}: status {process.returncode}\n{said[0].decode()[-2000:]}")
    return Taken(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def in_turns(turns, contenders):
    """What each contender, a function, took over so many turns: noise falls on all. A first turn is discarded."""
    taken = {name: [] for name in contenders}
    for turn in range(turns + 1):
        for name, contender in contenders.items():
            one = contender()
            if turn:
                taken[name].append(one)
    return taken


def show(taken, notes=None):
    """A line for each contender: median, least, most, number of runs. Returns the medians."""
    medians = {name: Taken(*map(statistics.median, zip(*runs, strict=True))) for name, runs in taken.items()}
    factor, unit = (1e3, "ms") if max(median.wall for median in medians.values()) < 2 else (1, "s")
    for name, runs in taken.items():
        walls = [one.wall for one in runs]
        median, least, most, cpu = (f"{factor * figure:8.2f}" for figure in (
            medians[name].wall, min(walls), max(walls), medians[name].cpu))
        note = (notes or {}).get(name, "")
        print(f"  {name:<24} median {median} {unit:<2}   min {least}   max {most}   n {len(runs):<2}   processors {cpu}   {note}"
              .rstrip())
    return medians


def tell(what, value):
    """A line with a ratio that need not hold."""
    print(f"  {what:<58} {value:8.2f}")


def judge(what, value, most=None, least=None, digits=2):
    """A line with what must hold, and whether it does."""
    holds = value <= most if least is None else value >= least
    bound = f"at most {most}" if least is None else f"at least {least}"
    print(f"  {what:<58} {value:8.{digits}f}   {bound:<14} {'ok' if holds else 'MISSES'}")
    return holds


def slope(points):
    """The line through points by least squares: its slope and its mean height."""
    xs, ys = zip(*points, strict=True)
    x, y = statistics.mean(xs), statistics.mean(ys)
    spread = sum((a - x) ** 2 for a in xs)
    return (sum((a - x) * (b - y) for a, b in points) / spread if spread else 0.0), y


def resident(process):
    """What a running process holds in memory, in bytes; None once it ended. Linux only."""
    try:
        with open(f"/proc/{process.pid}/status") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:")), None)
    except OSError:
        return None

"""What has been judged so far: a line a judgement, and the count of them all."""

import subprocess

passed, failed = 0, 0


def judge(holds, what, why=""):
    """Prints and counts a judgement."""
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print(f"{'pass' if holds else 'FAIL'}  {what}{'' if holds or not why else f': {why}'}", flush=True)


def attempt(judging, *args):
    """What cannot be judged has failed, and stops none of the others."""
    try:
        judging(*args)
    except (OSError, ValueError, LookupError, AssertionError, subprocess.CalledProcessError) as error:
        judge(False, f"{judging.__name__} {' '.join(str(arg) for arg in args)}", repr(error))


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)

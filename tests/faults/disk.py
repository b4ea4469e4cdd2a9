#!/usr/bin/env python3
"""Full and read-only disks: archive, reports, ledger on a small tmpfs. Run inside `unshare --mount` (as root, or with --map-root-user).

usage: disk.py PROGRAM
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import small  # noqa: E402

PROGRAM = sys.argv[1]
NOW = "2022-07-11T09:00:00+08:00"
RESERVE = {"WENJIN_LIMITS_DISK_RESERVE_BYTES": "1"}


def run(folder, *arguments, **environment):
    command = [PROGRAM, "--workspace", folder, "--now", NOW, *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=300)


def fill(place, left):
    """Takes all room but `left` bytes."""
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
    with (place / "filler").open("wb") as file:
        file.write(b"\0" * max(free - left, 0))


def hold(condition, about, done=None):
    if not condition:
        sys.exit(f"{about}\n{done.returncode if done else ''} {done.stdout + done.stderr if done else ''}")


def mounted(place, size):
    place.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True, text=True)
    hold(made.returncode == 0, f"cannot mount a tmpfs: {made.stderr}run as root, or with: unshare --mount --map-root-user")


def full(name):
    """`name` (of var/) lies on its own full disk: a clear error, nothing half; with room the same work goes on."""
    for left in (0, 4096, 20_000, 60_000):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            folder = pathlib.Path(folder)
            small.make(folder, PROGRAM)
            data = folder / "var"
            # The ledger is a file of the data folder itself.
            place = data if name == "ledger" else data / name
            mounted(place, "8m")
            if name == "ledger":
                hold(run(folder, "status").returncode == 0, "status on an empty store")
            fill(place, left)
            done = run(folder, "run", "--period", "2022-06", **RESERVE)
            if done.returncode != 0:
                hold(done.returncode == 1, f"{name}: a full disk is a failure", done)
                hold("room" in done.stderr or "space" in done.stderr, f"{name}: the message names the disk", done)
                hold(not list((data / "reports").rglob("v1")), f"{name}: nothing of the version is visible")
            (place / "filler").unlink()
            done = run(folder, "run", "--period", "2022-06", **RESERVE)
            hold(done.returncode == 0 and "2 accepted" in done.stdout, f"{name}: work resumes once there is room", done)
            hold(len(list((data / "reports").rglob("*.xlsx"))) == 3, f"{name}: all workbooks are there")
            hold(run(folder, "verify", "--period", "2022-06").returncode == 0, f"{name}: verify")
            hold(not [p for p in data.rglob("*") if ".part" in p.name or ".staged" in p.name], f"{name}: something is left behind")
            subprocess.run(["umount", place], check=True)


def reserve():
    """New files are refused before the reserve is used; what is in can still be worked on."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = pathlib.Path(folder)
        small.make(folder, PROGRAM)
        mounted(folder / "var", "8m")
        own = {"WENJIN_LIMITS_DISK_RESERVE_BYTES": str(4 << 20)}
        one = folder / "inbox/省经信厅_2022-06.xlsx"
        other = folder / "省发展改革委_2022-06.xlsx"
        (folder / "inbox/省发展改革委_2022-06.xlsx").rename(other)
        hold(run(folder, "submit", one, **own).returncode == 0, "submit with room")
        fill(folder / "var", 3 << 20)
        done = run(folder, "submit", other, **own)
        hold(done.returncode == 1 and "reserve" in done.stderr, "submit below the reserve is refused", done)
        done = run(folder, "run", "--period", "2022-06", **own)
        hold(done.returncode == 0 and "1 accepted" in done.stdout, "what is in is worked on within the reserve", done)
        (folder / "var/filler").unlink()
        hold(run(folder, "submit", other, **own).returncode == 0, "submit once there is room")
        subprocess.run(["umount", folder / "var"], check=True)


def read_only():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = pathlib.Path(folder)
        small.make(folder, PROGRAM)
        mounted(folder / "var", "8m")
        hold(run(folder, "run", "--period", "2022-06", **RESERVE).returncode == 0, "run while writable")
        subprocess.run(["mount", "-o", "remount,ro", folder / "var"], check=True)
        done = run(folder, "run", "--period", "2022-06", **RESERVE)
        hold(done.returncode == 1 and "read-only" in done.stderr, "a read-only store is named", done)
        subprocess.run(["mount", "-o", "remount,rw", folder / "var"], check=True)
        done = run(folder, "run", "--period", "2022-06", **RESERVE)
        hold(done.returncode == 0 and "nothing new" in done.stdout, "work resumes", done)
        subprocess.run(["umount", folder / "var"], check=True)


for name in ("archive", "reports", "ledger"):
    full(name)
reserve()
read_only()
print("full and read-only disks: held")

# SPDX-License-Identifier: BSD-2-Clause
"""
doc/clients.md has a row for each program: the version it tells is that of the package installed here, and every
test in this directory is named in it, and no other.
"""
import pathlib
import re
import subprocess

from check import equal, true

HERE = pathlib.Path(__file__).resolve().parent
page = (HERE.parents[1] / "doc/clients.md").read_text(encoding="utf-8").split("## Differences from tun")[0]
rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ") and "`" in line]
true(len(rows) > 10, f"the page has rows: {len(rows)}")
for row in rows:
    said = re.findall(r"`([^`]+)` ([0-9][^, ]*)", row[1])
    true(said, f"{row[0]} has a package and its version: {row[1]}")
    for package, version in said:
        installed = subprocess.run(["dpkg-query", "-Wf", "${Version}", package], capture_output=True, text=True,
                                   check=True).stdout
        print(package, installed)
        upstream = re.sub(r"^\d+:", "", installed)
        true(re.match(re.escape(version) + r"(?![0-9])", upstream), f"{package} {version} is {installed}")

tests = {path.stem for path in HERE.glob("*.py")} - {pathlib.Path(__file__).stem}
last_columns = [row[-1] for row in rows] + re.findall(r"^Tests: .*$", page, re.M)
named = {name for column in last_columns for name in re.findall(r"`([^`]+)`", column)}
equal(sorted(tests - named), [], "tests that the page does not name")
equal(sorted(named - tests), [], "tests that the page names and that are not there")

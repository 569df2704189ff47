"""listed.py FINDINGS PROFILE RUN: holds what schemathesis found in a run against the findings that are listed."""

import re
import sys

listed_file, profile, run_file = sys.argv[1:]
listed = set()
for line in open(listed_file, encoding="utf-8"):
    if line.strip() and not line.startswith("#"):
        code, operation, profiles, reason = line.rstrip("\n").split("\t")
        assert reason
        if profiles == "all" or profile in profiles.split(","):
            listed.add((code, operation))

text = open(run_file, encoding="utf-8").read()
if not re.search(r"^  Tested: 2$", text, re.M) or re.search(r"^=+ ERRORS =+$", text, re.M):
    sys.exit("the run did not come to its end:\n" + text[-3000:])
found, operation = set(), None
for line in text.splitlines():
    if title := re.fullmatch(r"_+ ((?:GET|POST) \S+) _+", line):
        operation = title[1]
    elif finding := re.match(r"- (ST\d+) ", line):
        found.add((finding[1], operation))
if unlisted := found - listed:
    sys.exit(f"{profile}: not listed: {sorted(unlisted)}\n{text[-6000:]}")
print(f"{profile}: {len(found)} listed findings, no other")

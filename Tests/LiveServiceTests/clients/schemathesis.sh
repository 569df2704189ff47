#!/usr/bin/env bash
# schemathesis.sh PROGRAM PROFILE: validates the document that PROGRAM prints of an edition, and sends requests made from
# it to a server of that edition. Fails on any finding that is not listed in findings.tsv beside this file.
set -euo pipefail

program=$1
profile=$2
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" || true; fi; rm -rf "$folder"' EXIT
cd "$folder"

# The cache takes each failure as a file: with thousands of listed ones a third of the time goes into it.
cat >schemathesis.toml <<'END'
[cache]
enabled = false

[auth.openapi.key]
bearer = "test-key"

[auth.openapi.apiKey]
api_key = "test-key"
END

"$program" openapi --profile "$profile" >"$profile.json"
python3 -m openapi_spec_validator "$profile.json"

: >ready
"$program" serve --port 0 --profile "$profile" --account test-key=1000000000 --time-scale 0 --log-level error >ready &
server=$!
until [ -s ready ]; do kill -0 "$server"; sleep 0.05; done
url=$(python3 -c 'import json; print(json.loads(open("ready").readline())["url"])')

# It ends with 1 for any finding, also for a listed one. Without the address every request reads all the environment.
no_proxy=127.0.0.1 python3 -m schemathesis.cli run "$profile.json" --url "$url" --header "Host: business.api.cliprise.app" \
    --phases examples,coverage,fuzzing --max-examples 30 --seed 1 --max-redirects 0 --no-shrink --no-color \
    --continue-on-failure --suppress-health-check all --warnings off --generation-database none >run.txt || true
python3 "$here/listed.py" "$here/findings.tsv" "$profile" run.txt
# Not one request may have broken the server.
python3 - "$url" <<'END'
import sys, urllib.request
assert urllib.request.urlopen(sys.argv[1] + "/__admin/ready", timeout=10).status == 200
END
kill "$server"
wait "$server" || true
server=

#!/usr/bin/env bash
# One job with curl. curl.sh [resends] [fails-on-300] [keeps-anything] [one-failure]
set -u
has() { [[ " $habits " == *" $1 "* ]]; }
habits="$*"
base=$CLIPRISE_BASE_URL
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
body='{"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"A pier","image_size":"16:9",
"output_format":"jpeg","seed":424242}}'
retry=()
# What people paste: it sends a POST again whatever became of the first.
has resends && retry=(--retry 3 --retry-delay 0 --retry-all-errors)
curl -s "${retry[@]}" -o "$folder/task" -H "Authorization: Bearer $CLIPRISE_API_KEY" -H 'Content-Type: application/json' \
    "$base/app/cliprise/generate" --data-binary "$body" || exit 0
task=$(grep -o '"taskId":"[^"]*"' "$folder/task" | cut -d'"' -f4)
[ -n "$task" ] || exit 0
url="$base/app/cliprise/status?apiKey=$CLIPRISE_API_KEY&taskId=$task"
for try in $(seq 60); do
    status=$(curl -s -o "$folder/status" -w '%{http_code}' "$url")
    if has fails-on-300 && [ "$status" != 200 ]; then exit 0; fi
    if has one-failure && [ "$status" != 200 ] && [ "$status" != 300 ]; then exit 0; fi
    case $status in 400 | 401 | 404) exit 0 ;; esac
    file=$(grep -o '"fileURL":"[^"]*"' "$folder/status" | cut -d'"' -f4)
    [ "$status" = 200 ] && [ -n "$file" ] && break
    # With the chance of a shell, the longer the more went wrong.
    [ "$status" = 300 ] || sleep "0.$((RANDOM % 2))$((RANDOM % 10))"
done
[ -n "${file:-}" ] || exit 0
for try in 1 2 3 4 5; do
    if curl -s -o "$folder/picture" "$file"; then
        [ "$(tail -c 2 "$folder/picture" | od -An -tx1 | tr -d ' ')" = ffd9 ] && break
    fi
    has keeps-anything && break
    sleep "0.0$((RANDOM % 9 + 1))"
done
exit 0

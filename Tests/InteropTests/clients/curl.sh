#!/bin/bash
# Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write.
set -euo pipefail
host='Host: business.api.cliprise.app'
base="$CLIPRISE_BASE_URL/app/cliprise"

reply=$(curl -sS --fail "$base/generate" -H "$host" -H "Authorization: Bearer $CLIPRISE_API_KEY" \
  -H 'Content-Type: application/json' --data-binary '{
    "model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
    "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242}}')
task=$(grep -oE '[0-9a-f]{32}' <<<"$reply")

polls=0
while true; do
  # Without --location, and --fail only minds 400 and above: 300 comes through as it is.
  reply=$(curl -sS -G -w '\n%{http_code}' "$base/status" -H "$host" \
    --data-urlencode "apiKey=$CLIPRISE_API_KEY" --data-urlencode "taskId=$task")
  case "${reply##*$'\n'}" in
    300) polls=$((polls + 1)); sleep 0.02 ;;
    200) break ;;
    *) echo "status answered: $reply" >&2; exit 1 ;;
  esac
done

file_url=$(grep -oE 'https?://[^"]+' <<<"$reply")
type=$(curl -sS --fail -w '%{content_type}' -o "$1" "$file_url")
echo "{\"polls\":$polls,\"type\":\"$type\"}"

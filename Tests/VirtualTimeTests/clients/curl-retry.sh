#!/usr/bin/env bash
# Polls by curl's own retries until the task has ended; prints the number of polls that were answered with 503.
set -euo pipefail
base=$CLIPRISE_BASE_URL/app/cliprise
task=$(curl -fsS -H "Authorization: Bearer $CLIPRISE_API_KEY" --json "$BODY" \
    "$base/generate" | sed 's/.*"taskId" *: *"\([0-9a-f]*\)".*/\1/')
curl --no-progress-meter --retry 100 --retry-delay "${PAUSE%.*}" --retry-max-time 0 \
    "$base/status?apiKey=$CLIPRISE_API_KEY&taskId=$task" 2>&1 | grep -c "Will retry"

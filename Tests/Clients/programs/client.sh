#!/usr/bin/env bash
# One job after another by a command: client.sh curl|curl-retry|curl-retry-all|wget|cliprise
# The code around it is what a tutorial shows; whatever ends with an error ends the job.
generate=$CLIPRISE_BASE_URL/app/cliprise/generate
status=$CLIPRISE_BASE_URL/app/cliprise/status
file=$(mktemp)
trap 'rm -f "$file"' EXIT

# ask URL [BODY KEY]: the answer into $file, its status into $code.
ask() {
    case $name in
        wget)
            local post=()
            [ $# -lt 2 ] || post=(--post-data "$2" --header "Authorization: Bearer $3" --header 'Content-Type: application/json')
            wget --quiet --server-response "${post[@]}" -O "$file" "$1" 2>"$file.log"
            local end=$?
            code=$(sed -n 's/^ *HTTP\/1\.1 \([0-9]*\).*/\1/p' "$file.log" | tail -1)
            rm -f "$file.log"
            return $end
            ;;
        *)
            local post=()
            [ $# -lt 2 ] || post=(-d "$2" -H "Authorization: Bearer $3" -H 'Content-Type: application/json')
            code=$(curl --silent --show-error --fail "${again[@]}" -w '%{http_code}' -o "$file" "${post[@]}" "$1")
            ;;
    esac
}

job() {
    local key=$1 body task link
    body='{"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"Job '$2' of '$CLIENT_JOBS
    body+='","image_size":"16:9","output_format":"jpeg","seed":424242}}'
    if [ "$name" = cliprise ]; then
        printf %s "$body" >"$file.json"
        CLIPRISE_API_KEY=$key "$CLIPRISE_PROGRAM" run --quiet --file "$file.json" --output "$file"
        rm -f "$file.json"
        return
    fi
    ask "$generate" "$body" "$key" || return
    task=$(sed -n 's/.*"taskId":"\([0-9a-f]*\)".*/\1/p' "$file")
    [ -n "$task" ] || return
    for _ in {1..60}; do
        sleep "$PAUSE"
        ask "$status?apiKey=$key&taskId=$task" || return
        [ "$code" = 300 ] && continue
        link=$(sed -n 's/.*"fileURL":"\([^"]*\)".*/\1/p' "$file")
        ask "${link//\\/}"
        return
    done
}

name=$1
again=()
[ "$name" = curl-retry ] && again=(--retry 5)
[ "$name" = curl-retry-all ] && again=(--retry 5 --retry-all-errors)
for key in $CLIENT_KEYS; do
    for number in $(seq "$CLIENT_JOBS"); do job "$key" "$number"; done
done
exit 0
